// Which drift somebody asks about.
import type { DriftType, ManagerClass } from '@fairlead/protocol/drift';
import type { LabelSelector } from '../../clusters/domain/label-selector.ts';

/** All given conditions must hold. Names that do not exist match nothing. */
export interface DriftFilter {
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly selector?: LabelSelector;
  readonly type?: readonly DriftType[];
  readonly objectKind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Exactly. Empty: whole objects. */
  readonly path?: string;
  /** Empty: unknown. */
  readonly manager?: string;
  readonly managerClass?: readonly ManagerClass[];
  readonly contested?: boolean;
  readonly excepted?: boolean;
  /** First seen then or later. */
  readonly since?: Date;
  /** First seen at least so long ago. */
  readonly olderThanMs?: number;
}

/** By when it was first seen. */
export type DriftOrder = 'NEWEST' | 'OLDEST';

/** What facets count by. */
export type DriftDimension =
  'APPLICATION' | 'ENVIRONMENT' | 'CLUSTER' | 'OBJECT_KIND' | 'PATH' | 'MANAGER' | 'MANAGER_CLASS' | 'TYPE';

/** From (inclusive) and to (exclusive), by when an episode began. */
export interface Period {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The place of an item or episode in lists. */
export type DriftPosition = readonly [firstSeenAt: Date, id: bigint];
