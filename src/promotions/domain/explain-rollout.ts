// What a running promotion waits for: the targets that are not there yet, grouped by why.
import type { PromotionState, TargetState } from './promotion.ts';
import type { Wait, WaitKind } from './wait.ts';

/** A target that is not ready; a few examples and the counts are enough to explain thousands. */
export interface OpenTarget {
  readonly cluster: string;
  readonly state: TargetState;
  readonly synced: boolean;
  readonly message: string;
  readonly since: Date;
  readonly deadlineAt?: Date | undefined;
}

/** What is known of a running promotion. */
export interface RolloutFacts {
  readonly state: PromotionState;
  readonly outcome: string | null;
  readonly since: Date;
  readonly open: readonly OpenTarget[];
}

const EXAMPLES = 3;

/** One wait per kind of reason, naming up to three clusters. */
export function rolloutWaits(facts: RolloutFacts): Wait[] {
  if (facts.state === 'PAUSED') return [{ kind: 'PAUSE', message: facts.outcome ?? 'Paused.', since: facts.since }];
  const kinds: readonly WaitKind[] = ['APPLY', 'HEALTH', 'OFFLINE'];
  return kinds.flatMap((kind) => {
    const targets = facts.open.filter((target) => kindOf(target) === kind);
    return targets.length === 0 ? [] : [waitOf(kind, targets)];
  });
}

function kindOf(target: OpenTarget): WaitKind {
  if (target.state === 'OFFLINE') return 'OFFLINE';
  return target.synced ? 'HEALTH' : 'APPLY';
}

function waitOf(kind: WaitKind, targets: readonly OpenTarget[]): Wait {
  const since = earliest(targets.map((target) => target.since));
  const deadlines = targets.flatMap((target) => (target.deadlineAt ? [target.deadlineAt] : []));
  const wait = { kind, message: messageOf(kind, targets), since };
  return deadlines.length > 0 && kind !== 'OFFLINE' ? { ...wait, until: earliest(deadlines) } : wait;
}

function messageOf(kind: WaitKind, targets: readonly OpenTarget[]): string {
  const count = targets.length === 1 ? '1 cluster' : `${targets.length} clusters`;
  const verb: Partial<Record<WaitKind, string>> = {
    APPLY: 'has still to be applied',
    HEALTH: 'is applied and not healthy yet',
    OFFLINE: 'waits for a cluster that is offline and will catch up',
  };
  const examples = targets.slice(0, EXAMPLES).map(exampleOf).join('; ');
  return `On ${count} the release ${verb[kind] ?? 'waits'}: ${examples}${targets.length > EXAMPLES ? '; …' : ''}`;
}

function exampleOf({ cluster, message }: OpenTarget): string {
  return message === '' ? cluster : `${cluster} (${message})`;
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}
