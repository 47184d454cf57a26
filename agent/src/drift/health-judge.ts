// Judges objects: by the rules of the instance's application, then by the hub's, then by those that everybody has. Rules
// are compiled once for each change of them, and can neither stall the agent nor end it.
import { computeHealth } from '@fairlead/health/compute-health';
import { unknown, type HealthVerdict, type RelatedObjects } from '@fairlead/health/health-verdict';
import type { KindRule, RuleIndex } from '@fairlead/health/rule-index';
import { compileHealthRules, pendingHealthRules } from '@fairlead/health/user-rules/compile-health-rules';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { maskObject } from '@fairlead/protocol/masking';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { RuleBudget } from './rule-budget.ts';

/** What a judge works with. */
export interface JudgeTools {
  readonly clock: Clock;
  readonly log: Log;
  /** Told when rules are ready that were not, are gone, or have rested: what they judged has to be looked at again. */
  readonly onChange: () => void;
}

/** A verdict, and the user's rule that gave it: a mark of its own where that rule was at rest. */
export interface Judgement {
  readonly health: HealthVerdict;
  readonly rule: KindRule | undefined;
}

/** Whose rules these are, for the log. */
export interface RuleOwner {
  readonly application: string | undefined;
  readonly environment: string | undefined;
}

const OWNED_BY_HUB: RuleOwner = { application: undefined, environment: undefined };

interface RuleSet {
  readonly text: string;
  readonly owner: RuleOwner;
  readonly budget: RuleBudget;
  index: RuleIndex;
  isReady: boolean;
}

/** One per engine. */
export class HealthJudge {
  readonly #tools: JudgeTools;
  readonly #byInstance = new Map<string, RuleSet>();
  #ofHub: RuleSet | undefined;

  constructor(tools: JudgeTools) {
    this.#tools = tools;
  }

  /** The rules that hold for every instance; the same as before change nothing. */
  setRulesOfHub(rules: readonly object[]): void {
    const before = this.#ofHub;
    this.#ofHub = this.#renewed(before ? [before] : [], rules, OWNED_BY_HUB);
    if (before && !this.#ofHub) this.#tools.onChange();
  }

  /** The rules of one instance's application, or none. Its instances share them, and the time that they may take. */
  setRulesOfInstance(
    instance: string,
    rules: readonly object[] | undefined = [],
    { application, environment }: Partial<RuleOwner> = {},
  ): void {
    const before = this.#byInstance.get(instance);
    const siblings = [...this.#byInstance.values()].filter(({ owner }) => owner.application === application);
    const after = this.#renewed(siblings, rules, { application, environment });
    if (after) this.#byInstance.set(instance, after);
    else this.#byInstance.delete(instance);
    if (before !== after && after?.isReady !== false) this.#tools.onChange();
  }

  /** Whether another user's rule than this one decides on such an object now, or one that was at rest may be asked. */
  isOutdated(
    rule: KindRule | undefined,
    kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
    instance: string,
  ): boolean {
    const found = this.#find(kind, instance);
    if (rule !== AT_REST) return found?.rule !== rule;
    return !found?.set.budget.isResting(this.#tools.clock.now());
  }

  judge(object: KubernetesObject, related: Omit<RelatedObjects, 'nowMs'>): Judgement {
    const nowMs = this.#tools.clock.now();
    const facts = { ...related, nowMs };
    const found = this.#find(object, object.metadata.labels?.[INSTANCE_LABEL] ?? '');
    if (!found) return { health: computeHealth(object, facts), rule: undefined };
    const { rule, set } = found;
    if (set.budget.isResting(nowMs))
      return { health: computeHealth(object, facts, only(AT_REST)), rule: AT_REST };
    const startedMs = performance.now();
    // A rule's words, and its verdict alone, tell the hub what it has seen.
    const health = computeHealth(maskObject(object), facts, only(rule));
    const restMs = set.budget.spend(performance.now() - startedMs, nowMs);
    if (restMs !== undefined) this.#rest(set, object, restMs);
    return { health, rule };
  }

  #find(kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>, instance: string) {
    for (const set of [this.#byInstance.get(instance), this.#ofHub]) {
      const rule = set?.index.find(kind);
      if (set && rule) return { rule, set };
    }
    return undefined;
  }

  /** The equal one of these sets, or a new one that is not ready yet. */
  #renewed(known: readonly RuleSet[], rules: readonly object[], owner: RuleOwner): RuleSet | undefined {
    if (rules.length === 0) return undefined;
    const text = canonicalJson(rules);
    const same = known.find((set) => set.text === text);
    if (same) return same;
    const index = pendingHealthRules(rules);
    const set = { text, owner, budget: new RuleBudget(), index, isReady: false };
    void this.#compile(set, rules);
    return set;
  }

  /** Until this is done the rules' kinds are UNKNOWN, and so they stay where it fails. */
  async #compile(set: RuleSet, rules: readonly object[]): Promise<void> {
    try {
      set.index = await compileHealthRules(rules);
      set.isReady = true;
      this.#tools.onChange();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tools.log.error('health rules cannot be used; what they are for is UNKNOWN', {
        ...set.owner,
        reason,
      });
    }
  }

  #rest(set: RuleSet, { kind }: KubernetesObject, restMs: number): void {
    const advice = 'what they are for is UNKNOWN meanwhile: make them simpler';
    this.#tools.log.warn(`health rules take more than a tenth of the time and rest; ${advice}`, {
      ...set.owner,
      kind,
      restMs,
    });
    this.#endRest(set, restMs);
  }

  /** A timer may come a moment before the clock says so; nobody would ask again after it. */
  #endRest({ budget }: Pick<RuleSet, 'budget'>, afterMs: number): void {
    const { clock, onChange } = this.#tools;
    clock.after(afterMs, () => {
      const leftMs = budget.restLeftMs(clock.now());
      if (leftMs > 0) this.#endRest({ budget }, leftMs);
      else onChange();
    });
  }
}

function only(rule: KindRule): RuleIndex {
  return { find: () => rule };
}

const AT_REST: KindRule = {
  judge: () => unknown('RuleTooCostly', "its health rule takes too much of the agent's time, and rests"),
  asksConventions: false,
};
