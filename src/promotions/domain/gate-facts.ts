// What gates are judged by: read in the transaction where a start is decided, or for an explanation.
import type { Role } from '../../access/domain/caller.ts';
import type { GateOverride, RecordedVerdict } from './gate-verdict.ts';
import type { PromotionIntent, PromotionStep, WaveState } from './promotion.ts';

/** How the release stands in an environment before this one. */
export interface UpstreamFact {
  readonly environment: string;
  /** False: it was deleted, and a step that comes after it does not wait for it. */
  readonly exists: boolean;
  /** VERIFIED and not REVOKED. */
  readonly verified: boolean;
  readonly verifiedAt: Date | null;
  /** Since when it soaks. */
  readonly healthySince: Date | null;
  /** Since when it is degraded there, while it is. */
  readonly interruptedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedReason: string | null;
}

/** An approval, with what its giver is now: roles and addresses of all tokens that may be used. */
export interface ApprovalFact {
  readonly gate: string;
  readonly approver: string;
  readonly at: Date;
  readonly comment: string | null;
  readonly roles: readonly Role[];
  readonly emails: readonly string[];
}

/** A freeze whose scope the promotion is in; it may lie ahead. */
export interface FreezeFact {
  readonly reason: string;
  readonly createdBy: string;
  readonly from: Date;
  /** Null: until a person ends it. */
  readonly until: Date | null;
}

/** Why the slot is held. */
export interface HoldFact {
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  readonly until: Date | null;
  /** Only this release and older ones are held back; null: every release. */
  readonly releaseId: bigint | null;
}

/** How another application stands in an environment. */
export interface DependencyFact {
  readonly application: string;
  readonly environment: string;
  /** Number of the release that was verified there last and is not revoked. */
  readonly verifiedRelease: number | null;
  readonly exists: boolean;
}

/** What the run of a check or a webhook says. */
export interface CheckFact {
  readonly gate: string;
  readonly state: 'RUNNING' | 'PASSED' | 'FAILED' | 'INCONCLUSIVE';
  readonly message: string;
  readonly since: Date;
  readonly deadlineAt: Date;
  /** It ended because its time was over. */
  readonly expired: boolean;
}

/** What the gates of a start and those between waves have in common. */
export interface CommonFacts {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly releaseId: bigint;
  readonly intent: PromotionIntent;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly step: PromotionStep;
  readonly pendingSince: Date;
  /** Addresses of the authors of all commits that the promotion brings, in small letters. */
  readonly authors: readonly string[];
  readonly approvals: readonly ApprovalFact[];
  readonly overrides: readonly GateOverride[];
  readonly freezes: readonly FreezeFact[];
  readonly hold?: HoldFact | undefined;
  readonly recorded: readonly RecordedVerdict[];
  /** The database's clock when this was read: what `now` means where it is decided. */
  readonly readAt: Date;
}

/** What the gates of a pending promotion are judged by. */
export interface GateFacts extends CommonFacts {
  /** The environments that come before, and those in which it soaks. */
  readonly upstream: readonly UpstreamFact[];
  /** The promotion that holds the slot. */
  readonly holder?: { readonly release: number; readonly since: Date } | undefined;
  /** Clusters of the slot. */
  readonly clusters: number;
  /** Clusters of the slot that have drifted. */
  readonly drifted: number;
  readonly dependencies: readonly DependencyFact[];
  readonly checks: readonly CheckFact[];
  /**
   * Bundles that could not be rendered for this release: cluster and reason. Absent: nobody tried now, and what was
   * recorded by the last try still holds.
   */
  readonly renderErrors?: readonly { readonly cluster: string; readonly message: string }[] | undefined;
}

/** What the gates before and during one wave are judged by; freezes are those that concern its clusters. */
export interface WaveGateFacts extends CommonFacts {
  readonly wave: string;
  readonly waveState: WaveState;
  /** Since when the wave could begin, gates aside: the end of the wave before it. */
  readonly waveSince: Date;
}
