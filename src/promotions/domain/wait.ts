// Why something does not move: the words that slots, promotions and instances answer with.

/** What is waited for. */
export type WaitKind =
  | 'PROMOTION'
  | 'SLOT'
  | 'UPSTREAM'
  | 'SOAK'
  | 'APPROVAL'
  | 'WINDOW'
  | 'FREEZE'
  | 'DEPENDENCY'
  | 'CHECK'
  | 'WEBHOOK'
  | 'DRIFT'
  | 'HOLD'
  | 'CLUSTERS'
  | 'APPLY'
  | 'HEALTH'
  | 'BAKE'
  | 'VERIFICATION'
  | 'OFFLINE'
  | 'PAUSE'
  | 'PRUNE'
  | 'ADOPTION'
  | 'SOURCE';

/** One reason, since when it holds, and when it ends where that is known. */
export interface Wait {
  readonly kind: WaitKind;
  readonly message: string;
  readonly since: Date;
  readonly until?: Date;
}
