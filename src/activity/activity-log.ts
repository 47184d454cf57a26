// The append-only record of who did what, and the outbox through which a commit wakes whatever waits for it.
import type { Transaction } from '../platform/database/database.ts';

/** One thing that happened. Names, not ids, so that history survives deletion. */
export interface NewEvent {
  /** `noun.verb`, for example `cluster.joined`. */
  readonly kind: string;
  /** A user, `agent:NAME`, or `fairlead` for automation. */
  readonly actor: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly promotionId?: bigint;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What is told to other features after commit: topic and ids. Payloads are JSON; bigint ids travel as strings. */
export interface Notice {
  readonly topic: NoticeTopic;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Every notice there is, with its payload:
 * `event.recorded` { eventId } · `cluster.changed` { clusterId } · `application.saved` { applicationId } ·
 * `release.created` { releaseId, applicationId } · `instances.added` { instanceIds, slots: [[applicationId, environmentId]] } ·
 * `gates.changed` { slots } · `slots.reported` { slots: [[applicationId, environmentId]] } · `slots.syncing` { slots }: reported as SYNCING, which decides nothing ·
 * `slots.changed` { slots } · `instances.changed` { instanceIds } ·
 * `promotion.changed` { promotionId, applicationId, environmentId, carriedOn? }: true where nobody need look at it again · `policy.saved` { policyId } ·
 * `bundle.rendered` { releaseId, environmentId } · `health-rules.saved` {} · `instances.ended` { instanceIds }: removed, or their reports forgotten ·
 * `drift.changed` { opened, closed }: ids of items · `drift-exception.changed` { exceptionId }
 */
export type NoticeTopic =
  | 'event.recorded'
  | 'cluster.changed'
  | 'application.saved'
  | 'release.created'
  | 'instances.added'
  | 'gates.changed'
  | 'slots.reported'
  | 'slots.syncing'
  | 'slots.changed'
  | 'instances.changed'
  | 'promotion.changed'
  | 'policy.saved'
  | 'bundle.rendered'
  | 'health-rules.saved'
  | 'instances.ended'
  | 'drift.changed'
  | 'drift-exception.changed';

/** Written inside the transaction of the change itself, all at its end: until then nobody can read them there. */
export abstract class ActivityLog {
  /** Events in the order in which they are told, each with its own `event.recorded` notice. */
  abstract record(tx: Transaction, events: readonly NewEvent[]): Promise<void>;
  /** Notices alone: things that other features must know and nobody reads later. */
  abstract notify(tx: Transaction, notices: readonly Notice[]): Promise<void>;
}

/** Features subscribe at start; the relay calls them after commit, at least once, with all pending payloads of a topic. */
export abstract class Notices {
  /** A listener must be idempotent and quick: it enqueues jobs or publishes; a throw means the notice is tried again. */
  abstract on(
    topic: NoticeTopic,
    listener: (payloads: readonly Readonly<Record<string, unknown>>[]) => Promise<void>,
  ): void;
}
