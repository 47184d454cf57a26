// Reasons that people must give: they are what others read later.
import { refuse, type Refusal } from '../../platform/refusal.ts';

const MAX_REASON = 1_000;

/** Why `reason` does not do for `what` ("A hotfix"); `undefined`: it does. */
export function refuseReason(what: string, reason: string | undefined): Refusal | undefined {
  const length = reason?.trim().length ?? 0;
  if (length === 0) return refuse('REASON_NEEDED', `${what} needs a reason: say why, others will read it.`);
  if (length <= MAX_REASON) return undefined;
  return refuse('REASON_TOO_LONG', `A reason has at most ${MAX_REASON} characters; this one has ${length}.`);
}
