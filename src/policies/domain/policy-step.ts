// What a policy says of one environment: when a release may enter it, in which waves, and what follows a failure.
import type { Role } from '../../access/domain/caller.ts';

/** AUTOMATIC: each new release gets a promotion by itself. */
export type Trigger = 'AUTOMATIC' | 'MANUAL';

/** LATEST_WINS: a newer release that may go takes the place of older ones that wait. IN_ORDER: each gets its turn. */
export type Supersede = 'LATEST_WINS' | 'IN_ORDER';

/** What an offline cluster means to its wave. */
export type OfflineRule = 'WAIT' | 'EXCLUDE_AND_CATCH_UP' | 'FAIL';

/** What a freeze that begins in the middle of a rollout stops: the next wave, the next cluster, or nothing. */
export type FreezeRule = 'FINISH_WAVE' | 'HALT' | 'FINISH_ALL';

/** How far a failed rollout is taken back. */
export type RollbackScope = 'NONE' | 'WAVE' | 'ENVIRONMENT';

export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** Part of a day, on some weekdays or dates of the gate's time zone; `22:00`..`02:00` crosses midnight. */
export interface WindowRule {
  /** null: every day. */
  readonly days: readonly Weekday[] | null;
  /** `HH:MM`; null: from the day's beginning. */
  readonly from: string | null;
  /** `HH:MM`, not included; null: to the day's end. */
  readonly to: string | null;
  /** `YYYY-MM-DD`; null: every date. */
  readonly dates: readonly string[] | null;
}

/** Consent of `count` different people. */
export interface ApprovalRule {
  readonly count: number;
  /** Who may approve; null: OPERATOR and ADMIN. */
  readonly roles: readonly Role[] | null;
  readonly notRequester: boolean;
  readonly notAuthor: boolean;
  readonly expiresMs: number;
}

interface HttpCheck {
  readonly kind: 'http';
  readonly url: string;
  readonly method: string;
  readonly expectStatus: number;
  /** The answer's JSON must contain all of it; null: any answer will do. */
  readonly expectJson: unknown;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly successes: number;
  readonly failures: number;
}

interface MetricCheck {
  readonly kind: 'metric';
  /** Base address of a Prometheus-compatible server. */
  readonly prometheus: string;
  readonly query: string;
  /** A comparison of each value of the result, such as `< 0.01`. */
  readonly condition: string;
  readonly intervalMs: number;
  readonly count: number;
  readonly failures: number;
}

interface JobCheck {
  readonly kind: 'job';
  /** A Kubernetes Job, run in the target cluster by its agent. */
  readonly job: unknown;
}

/** A question to the world outside, asked until it is answered or its time is over. */
export type CheckRule = { readonly name: string } & (HttpCheck | MetricCheck | JobCheck);

/** One condition of a promotion's start; `name` is unique in its step. */
export type GateRule = { readonly name: string } & (
  | {
      readonly kind: 'soak';
      /** Where the release soaks; null: every environment of `after`. */
      readonly environment: string | null;
      readonly durationMs: number;
      readonly graceMs: number;
    }
  | ({ readonly kind: 'approval' } & ApprovalRule)
  | {
      readonly kind: 'window';
      /** IANA name. */
      readonly timeZone: string;
      /** null: always, but for what is excluded. */
      readonly allow: readonly WindowRule[] | null;
      readonly exclude: readonly WindowRule[];
    }
  | {
      readonly kind: 'dependency';
      readonly application: string;
      /** null: the step's own environment. */
      readonly environment: string | null;
      /** null: any verified release. */
      readonly minRelease: number | null;
    }
  | { readonly kind: 'check'; readonly check: CheckRule }
  | {
      readonly kind: 'webhook';
      readonly url: string;
      readonly secretName: string;
      readonly expiresMs: number;
    }
  | { readonly kind: 'driftFree' }
);

/** A part of the step's clusters that is taken together. With none of selector, percent and count: all that remain. */
export interface WaveRule {
  readonly name: string;
  readonly selector: string | null;
  /** Cumulative share of the step's clusters that are taken when this wave is done, rounded up. */
  readonly percent: number | null;
  readonly count: number | null;
  readonly maxConcurrent: number | null;
  readonly maxConcurrentPercent: number | null;
  /** How long each cluster must stay healthy before it counts. */
  readonly bakeMs: number;
  /** Failed clusters that the wave bears; null with a null percent: 0. */
  readonly maxFailures: number | null;
  readonly maxFailuresPercent: number | null;
  /** Offline clusters that the wave bears before it pauses; null with a null percent: any number. */
  readonly maxOffline: number | null;
  readonly maxOfflinePercent: number | null;
  readonly approval: ApprovalRule | null;
  readonly verification: readonly CheckRule[];
}

/** One environment of a policy, as stored. */
export interface PolicyStep {
  readonly environment: string;
  readonly trigger: Trigger;
  /** Environments in which a release must be verified before; null: the step before this one. */
  readonly after: readonly string[] | null;
  readonly gates: readonly GateRule[];
  /** Empty: one wave of all clusters. */
  readonly waves: readonly WaveRule[];
  readonly verification: readonly CheckRule[];
  readonly supersede: Supersede;
  readonly onFailure: { readonly rollback: RollbackScope; readonly hold: boolean };
  /** Per target, from ASSIGNED, without bake and pauses. */
  readonly progressDeadlineMs: number;
  /** Names of gates that a hotfix passes over. */
  readonly hotfixSkips: readonly string[];
  readonly offline: OfflineRule;
  readonly onFreeze: FreezeRule;
}
