// What people may pause, resume, reject and cancel, by where a promotion stands.
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { isRunning, isTerminal, type PauseKind, type Promotion } from './promotion.ts';

type Standing = Pick<Promotion, 'state' | 'pauseReasons'>;

/** Reasons that end by a person's word; the others end with their cause: the freeze, the clusters that are away or that could not return. */
const personal: readonly PauseKind[] = ['PERSON', 'INCONCLUSIVE'];

/** Why it cannot be paused; `undefined`: it can. */
export function refusePause({ state }: Standing): Refusal | undefined {
  if (isTerminal(state)) return ended(state);
  if (isRunning(state)) return undefined;
  return refuse(
    'NOT_RUNNING',
    'The promotion has not started: to stop what waits, hold the slot with holdSlot.',
  );
}

/** The reasons that a person's resume takes away; a refusal where it takes away none. */
export function resumable({ state, pauseReasons }: Standing): readonly PauseKind[] | Refusal {
  if (isTerminal(state)) return ended(state);
  if (state !== 'PAUSED') return refuse('NOT_PAUSED', `The promotion is ${state}, not PAUSED.`);
  const kinds = pauseReasons.map(({ kind }) => kind).filter((kind) => personal.includes(kind));
  if (kinds.length > 0) return kinds;
  const reasons = pauseReasons.map(({ message }) => message);
  return refuse('GOES_ON_BY_ITSELF', `Nobody paused it; it goes on by itself. ${reasons.join(' ')}`, reasons);
}

/** Why it cannot be rejected; `undefined`: it can. */
export function refuseReject({ state }: Standing): Refusal | undefined {
  if (isTerminal(state)) return ended(state);
  return state === 'PENDING'
    ? undefined
    : refuse(
        'ALREADY_RUNNING',
        `The promotion is ${state}: to end what runs, cancel it with cancelPromotion.`,
      );
}

/** Why it cannot be cancelled; `undefined`: it can. */
export function refuseCancel({ state }: Standing): Refusal | undefined {
  return isTerminal(state) ? ended(state) : undefined;
}

/** Why a rollout that runs cannot be taken back to what ran before it; `undefined`: it can. */
export function refuseRevert({
  state,
  intent,
  previousReleaseId,
  releaseId,
}: Promotion): Refusal | undefined {
  if (!isRunning(state))
    return refuse('NOT_RUNNING', 'The promotion does not run: there is nothing to revert.');
  if (intent === 'ROLLBACK') {
    return refuse('IS_A_ROLLBACK', 'A rollback is not reverted: cancel it, or promote what you want to run.');
  }
  if (previousReleaseId !== null && previousReleaseId !== releaseId) return undefined;
  return refuse('NOTHING_BEFORE', 'No other release ran there before: cancel it without revert.');
}

function ended(state: string): Refusal {
  return refuse('ALREADY_ENDED', `The promotion is ${state}; what has ended does not change any more.`);
}
