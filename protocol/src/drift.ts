// Drift, as agents tell it: each difference between desired and live is an episode with a beginning and an end.
import type { ObjectRef } from './resource-id.ts';

/** MODIFIED: another value than desired. MISSING: desired and not there. EXTRA: there and never declared. */
export type DriftType = 'MODIFIED' | 'MISSING' | 'EXTRA';

/** What sort of writer a field manager is. UNKNOWN also where a field was removed: nobody's name stays on it. */
export type ManagerClass = 'PERSON' | 'CONTROLLER' | 'GITOPS' | 'UNKNOWN';

/**
 * How an episode ended. HEALED: the agent put it back. REVERTED: somebody else did. RELEASED: another release or
 * setting made it no difference. EXCEPTED: it was accepted. GONE: the object or its instance is no longer kept.
 */
export type EpisodeEnd = 'HEALED' | 'REVERTED' | 'RELEASED' | 'EXCEPTED' | 'GONE';

/** An entry lists at most this many open items, the most important first; `driftTruncated` says that there are more. */
export const MAX_REPORTED_DRIFT = 500;

/** And at most this many closed episodes at once; the rest comes with the next report. */
export const MAX_REPORTED_CLOSED = 500;

/** One field, or one whole object, that differs or did. Values of Secrets and of masked fields never get here. */
export interface ReportedDrift extends ObjectRef {
  /** Random, made when the difference was first seen; stays while it is open, and never comes again. */
  readonly episode: string;
  /** `spec.template.spec.containers[name=web].image`; left out: the whole object. */
  readonly path?: string;
  readonly type: DriftType;
  /** JSON text; left out where it is masked, or where there is none. */
  readonly desired?: string;
  readonly live?: string;
  readonly masked: boolean;
  /** The field manager that made it, as the API server names it; left out where that is unknown. */
  readonly manager?: string;
  readonly managerClass: ManagerClass;
  /** `Update` or `Apply`. */
  readonly operation?: string;
  /** `scale`, `status` …; left out for the object itself. */
  readonly subresource?: string;
  /** When the manager wrote it, by the API server's clock; RFC 3339. */
  readonly changedAt?: string;
  /** By the agent's clock; RFC 3339. */
  readonly firstSeenAt: string;
  /** How often the agent put it back so far. */
  readonly healedCount: number;
  /** Taken back so often by the same manager that the agent stopped healing it. */
  readonly contested: boolean;
  /** The exception that accepts it. */
  readonly excepted?: string;
  /** Set together with `closedBy`, once it is no difference any more. */
  readonly closedAt?: string;
  readonly closedBy?: EpisodeEnd;
}

/** A person's word that some drift may stay for a while; every given member must match. Part of the assignment. */
export interface AssignedException {
  readonly id: string;
  readonly objectKind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly manager?: string;
  /** It ends by itself then; RFC 3339. */
  readonly until: string;
}
