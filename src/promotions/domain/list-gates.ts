// Every gate of a promotion with what it says: what the API shows, before the start, while it runs, and afterwards.
import { approvalsOf, isValidApproval } from './choose-approval.ts';
import { evaluateApproval } from './evaluate-approval.ts';
import type { ApprovalFact, GateFacts } from './gate-facts.ts';
import type { GateVerdict, RecordedVerdict } from './gate-verdict.ts';
import { evaluateGates } from './gates.ts';
import { isTerminal, type PromotionState } from './promotion.ts';
import type { WaitKind } from './wait.ts';

/** What the API shows of a gate. */
export type ListedGate = Omit<GateVerdict, 'kind' | 'end'>;

/**
 * PENDING: what the start check says now, and the approvals of later waves. Running: what let it start, and what its
 * waves wait for. Ended: what was said last.
 */
export function listGates(facts: GateFacts, state: PromotionState, now: Date): ListedGate[] {
  if (state === 'PENDING') return [...evaluateGates(facts, now), ...waveApprovals(facts, now)];
  const live = isTerminal(state) ? [] : waveApprovals(facts, now);
  const names = new Set(live.map(({ gate }) => gate));
  const recorded = facts.recorded.filter(({ gate }) => !names.has(gate));
  return [...inOrder(recorded, facts).map((each) => withOverride(each, facts)), ...live];
}

/** An approval as people see it. */
export interface ListedApproval extends Omit<ApprovalFact, 'roles' | 'emails'> {
  /** Whether it counts now. */
  readonly valid: boolean;
}

/** In the order in which they were given. */
export function listApprovals(facts: GateFacts, now: Date): ListedApproval[] {
  return facts.approvals.map(({ gate, approver, at, comment }) => {
    return { gate, approver, at, comment, valid: isValidApproval(facts, gate, approver, now) };
  });
}

/** The first wave's approval stands among the gates of the start. */
function waveApprovals(facts: GateFacts, now: Date): GateVerdict[] {
  if (facts.intent === 'ROLLBACK') return [];
  const [first] = facts.step.waves;
  const rules = approvalsOf(facts.step).filter(
    ({ name }) => name.startsWith('wave:') && name !== `wave:${first?.name}`,
  );
  const kind: WaitKind = 'APPROVAL';
  return rules.map((rule) => {
    const judged = evaluateApproval(rule, facts, { pendingSince: facts.pendingSince, asked: undefined }, now);
    const override = facts.overrides.find(({ gate }) => gate === rule.name);
    const said = { ...judged, kind, since: judged.since ?? facts.pendingSince };
    return override && judged.verdict !== 'PASSED'
      ? { ...said, verdict: 'OVERRIDDEN', since: override.at, overriddenBy: override.by }
      : said;
  });
}

function withOverride(recorded: RecordedVerdict, { overrides, requestedBy }: GateFacts): ListedGate {
  if (recorded.verdict !== 'OVERRIDDEN') return recorded;
  const by = overrides.find(({ gate }) => gate === recorded.gate)?.by ?? requestedBy;
  return { ...recorded, overriddenBy: by };
}

/** Upstream first, then the step's own gates in its order, then the rest by name. */
function inOrder(recorded: readonly RecordedVerdict[], { step }: GateFacts): RecordedVerdict[] {
  const order = ['upstream', ...step.gates.map(({ name }) => name)];
  const place = (gate: string): number => (order.includes(gate) ? order.indexOf(gate) : order.length);
  return recorded.toSorted((a, b) => place(a.gate) - place(b.gate));
}
