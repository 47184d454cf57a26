// "Every gate has passed: why does it not start?" Because another promotion of the slot goes first.
import { nextPromotion, type Candidate } from './next-promotion.ts';
import type { Promotion } from './promotion.ts';
import type { Wait } from './wait.ts';

/** A pending promotion with what its own gates wait for. */
export interface Contender extends Candidate {
  readonly release: number;
  readonly waits: readonly Wait[];
}

/** The wait of one that no gate stops, by the function that chooses who starts; `undefined`: it is its turn. */
export function explainTurn(contenders: readonly Contender[], own: Promotion): Wait | undefined {
  const chosen = nextPromotion(contenders);
  const first = contenders.find(({ promotion }) => promotion.id === chosen?.next.id);
  if (!first || first.promotion.id === own.id) return undefined;
  const { promotion, release, waits } = first;
  const why = waits[0] ? ` It waits: ${waits[0].message}` : '';
  const message = `Release ${release} goes first in ${promotion.step.environment}${reasonOf(first)}.${why}`;
  const wait = { kind: 'SLOT', message, since: promotion.createdAt } as const;
  return waits[0]?.until ? { ...wait, until: waits[0].until } : wait;
}

function reasonOf({ promotion: { intent, step }, fullyApproved }: Contender): string {
  if (intent === 'HOTFIX') return ', a hotfix';
  if (step.supersede === 'IN_ORDER') return ', in order';
  return fullyApproved ? ', which people have approved' : '';
}
