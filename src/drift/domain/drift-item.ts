// Drift as people see it.
import type { DriftType, EpisodeEnd, ManagerClass } from '@fairlead/protocol/drift';
import type { OpenDrift } from '../../delivery/domain/drift-report.ts';
import type { DriftDimension } from './drift-filter.ts';

/** An open difference. */
export interface DriftItem extends Omit<OpenDrift, 'episode' | 'excepted'> {
  readonly id: bigint;
  readonly instanceId: bigint;
  /** The exception that accepts it. */
  readonly exceptionId: bigint | null;
}

/** A difference that is, or was. */
export interface DriftEpisode {
  readonly id: bigint;
  readonly instanceId: bigint;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly type: DriftType;
  readonly manager: string;
  readonly managerClass: ManagerClass;
  readonly healedCount: number;
  readonly contested: boolean;
  readonly firstSeenAt: Date;
  /** Null while it is open. */
  readonly closedAt: Date | null;
  readonly closedBy: EpisodeEnd | null;
}

/** How much open drift has one value of a dimension. */
export interface DriftFacet {
  readonly by: DriftDimension;
  /** Empty: unknown, or the whole object. */
  readonly value: string;
  readonly items: number;
  readonly instances: number;
  readonly clusters: number;
}

/** Who changes one kind of field again and again. */
export interface DriftOffender {
  readonly manager: string;
  readonly objectKind: string;
  readonly path: string;
  readonly episodes: number;
  readonly clusters: number;
  readonly healed: number;
  readonly medianOpenMs: number;
  readonly lastAt: Date;
}

/** What became of the episodes of a time. */
export interface DriftFigures {
  readonly episodes: number;
  readonly open: number;
  readonly ended: Readonly<Record<EpisodeEnd, number>>;
  /** From first seen until put back, of those HEALED; null where there are none. */
  readonly healTime: { readonly meanMs: number; readonly p50Ms: number; readonly p95Ms: number } | null;
}
