// What the gates read of the database, for many promotions at once: the number of statements does not grow with them.
import type { Transaction } from '../platform/database/database.ts';
import type {
  ApprovalFact,
  DependencyFact,
  FreezeFact,
  HoldFact,
  UpstreamFact,
} from './domain/gate-facts.ts';
import type { GateOverride, GateVerdict, RecordedVerdict } from './domain/gate-verdict.ts';
import type { Promotion } from './domain/promotion.ts';

/** What a promotion is called, and how its slot stands. */
export interface SlotStanding {
  readonly promotionId: bigint;
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  /** Clusters of the slot. */
  readonly clusters: number;
  readonly drifted: number;
  readonly hold: HoldFact | undefined;
  readonly holder: { readonly release: number; readonly since: Date } | undefined;
  /** Addresses of the authors of all commits that the promotion brings, in small letters. */
  readonly authors: readonly string[];
  /** The database's clock at this read: replicas may differ, it does not. */
  readonly readAt: Date;
}

/** A freeze that is on or lies ahead, and its scope. */
export interface OpenFreeze extends FreezeFact {
  readonly id: bigint;
  readonly application: string | null;
  readonly environment: string | null;
  readonly selector: string | null;
}

/** An approval without what its giver is now. */
export type StoredApproval = Omit<ApprovalFact, 'roles' | 'emails'>;

/** An application in an environment, by name. */
export interface NamedSlot {
  readonly application: string;
  readonly environment: string;
}

/** Rows by the promotion that they belong to. */
export type ByPromotion<Row> = ReadonlyMap<bigint, readonly Row[]>;

export abstract class GateFactsStore {
  abstract standings(tx: Transaction, promotionIds: readonly bigint[]): Promise<Map<bigint, SlotStanding>>;
  /** How each promotion's release stands in the environments that it names. */
  abstract upstream(
    tx: Transaction,
    wanted: readonly { readonly promotion: Promotion; readonly environments: readonly string[] }[],
  ): Promise<ByPromotion<UpstreamFact>>;
  abstract approvals(tx: Transaction, promotionIds: readonly bigint[]): Promise<ByPromotion<StoredApproval>>;
  abstract overrides(tx: Transaction, promotionIds: readonly bigint[]): Promise<ByPromotion<GateOverride>>;
  abstract recorded(tx: Transaction, promotionIds: readonly bigint[]): Promise<ByPromotion<RecordedVerdict>>;
  abstract openFreezes(tx: Transaction): Promise<OpenFreeze[]>;
  /** Which freezes with a selector match a cluster of which promotion's slot: pairs of freeze and promotion. */
  abstract frozenSlots(
    tx: Transaction,
    freezes: readonly OpenFreeze[],
    promotionIds: readonly bigint[],
  ): Promise<{ readonly freezeId: bigint; readonly promotionId: bigint }[]>;
  /** Which of the freezes with a selector match a cluster of the wave. */
  abstract frozenWave(
    tx: Transaction,
    freezes: readonly OpenFreeze[],
    promotionId: bigint,
    wave: string,
  ): Promise<bigint[]>;
  abstract dependencies(tx: Transaction, slots: readonly NamedSlot[]): Promise<DependencyFact[]>;
  /** Where the wave stands, and since when it could begin; `undefined`: there is no such wave. */
  abstract waveStanding(
    tx: Transaction,
    promotionId: bigint,
    wave: string,
  ): Promise<
    | {
        readonly state: 'PENDING' | 'IN_PROGRESS' | 'BAKING' | 'PASSED' | 'FAILED' | 'SKIPPED';
        readonly since: Date;
      }
    | undefined
  >;
  /** Keeps when a pending promotion is to be looked at again. */
  abstract keepDue(tx: Transaction, promotionId: bigint, dueAt: Date): Promise<void>;
  /**
   * Keeps what the gates of a promotion say now, in one statement that writes nothing where nothing changed: since when
   * a verdict holds, and how long the gate stopped the promotion before.
   */
  abstract record(tx: Transaction, promotionId: bigint, verdicts: readonly GateVerdict[]): Promise<void>;
}
