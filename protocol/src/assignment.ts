// What the hub orders: for one instance, which bundle should run and how drift and removal are treated.

/** HEAL puts back what someone changed; REPORT only says so. */
export type DriftPolicy = 'HEAL' | 'REPORT';

/** PRUNE: delete what this instance applied. ORPHAN: leave it, without our label. Only a tombstone removes. */
export type Tombstone = 'PRUNE' | 'ORPHAN';

/** Fields that an application says are not Fairlead's business; every given member must match. */
export interface IgnoreRule {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly manager?: string;
}

/** How an agent keeps one instance; the drift policy is already that of the instance's environment. */
export interface AssignedSyncPolicy {
  readonly prune: boolean;
  readonly drift: DriftPolicy;
  readonly ignore: readonly IgnoreRule[];
  /** A prune of more than this share of the inventory waits for an approval; 0 to 100. */
  readonly pruneLimitPercent: number;
  /** Take over objects that another instance, or one that the hub does not know, has marked. */
  readonly adopt: boolean;
}

/** The hub's decision for one instance. Every change of it raises `generation`. */
export interface Assignment {
  /** The instance's tracking id: 32 hexadecimal digits. */
  readonly instance: string;
  readonly application: string;
  readonly environment: string;
  /** Namespace of objects that name none; `default` when the application gives none. */
  readonly namespace: string;
  /** A ServiceAccount of that namespace, as which everything is written; the agent's own rights where it is not given. */
  readonly serviceAccountName?: string;
  readonly release: number;
  /** SHA-256 of the bundle's canonical text, 64 hexadecimal digits. */
  readonly bundle: string;
  readonly generation: number;
  readonly tombstone?: Tombstone;
  readonly syncPolicy: AssignedSyncPolicy;
  /** The application's own health rules as the hub checked them (health/); they come before the hub's and ours. */
  readonly healthRules?: readonly object[];
  /** A person approved the prune of this generation; only that one. */
  readonly approvedPrune?: number;
}
