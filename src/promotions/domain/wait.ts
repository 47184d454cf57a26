// Why something does not move: the words that slots, promotions and instances answer with.

/** What is waited for. The public API lists more kinds; these are the ones that can occur. */
export type WaitKind =
  | 'PROMOTION'
  | 'SLOT'
  | 'UPSTREAM'
  | 'CLUSTERS'
  | 'APPLY'
  | 'HEALTH'
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
