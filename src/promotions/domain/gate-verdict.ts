// What one gate says of one promotion at one moment.
import type { Wait, WaitKind } from './wait.ts';

/** INCONCLUSIVE: nobody could tell, so it does not pass; a person must decide. */
export type Verdict = 'PASSED' | 'WAITING' | 'FAILED' | 'INCONCLUSIVE' | 'OVERRIDDEN';

/** One gate's answer. */
export interface GateVerdict {
  /** The gate's name in the step, `wave:NAME`, or one that every step has, such as `upstream`. */
  readonly gate: string;
  readonly kind: WaitKind;
  readonly verdict: Verdict;
  readonly message: string;
  readonly since: Date;
  /** When the clock alone changes this answer, where that is known. */
  readonly until?: Date;
  readonly overriddenBy?: string;
  /** Set on FAILED: how the promotion ends by it. */
  readonly end?: 'FAIL' | 'EXPIRE';
}

/** A verdict before it is known since when it holds, where nothing but the last verdict tells. */
export type Judged = Omit<GateVerdict, 'since'> & { readonly since?: Date };

/** A gate that a person or a hotfix passes over. */
export interface GateOverride {
  readonly gate: string;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/** What a gate said last, as it was recorded. */
export interface RecordedVerdict {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly since: Date;
}

/** Whether the gate lets the promotion through. */
export function passes({ verdict }: Pick<GateVerdict, 'verdict'>): boolean {
  return verdict === 'PASSED' || verdict === 'OVERRIDDEN';
}

/** A verdict that does not pass, as a reason to wait. */
export function toWait({ kind, message, since, until }: GateVerdict): Wait {
  return until === undefined ? { kind, message, since } : { kind, message, since, until };
}
