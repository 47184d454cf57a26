// Finds the rule of a kind: its own, that of its whole group, or that of every group below a suffix.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import { type CompiledRule, compileRule } from './form/compile-rule.ts';
import type { DeclaredRule } from './form/rule-form.ts';
import type { HealthRule, HealthVerdict } from './health-verdict.ts';

/** How one kind is judged. */
export interface KindRule {
  readonly judge: HealthRule;
  /** Stalled and Reconciling are asked before the rule: the kind follows those conventions or has no conditions. */
  readonly asksConventions: boolean;
  /** Speaks although the object is being deleted. */
  readonly deleting?: ((object: KubernetesObject) => HealthVerdict | undefined) | undefined;
  /** Speaks although the status is of an older generation. */
  readonly unseen?: ((object: KubernetesObject) => HealthVerdict | undefined) | undefined;
}

/** Rules by kind. The nearest wins: kind, then group, then the longest suffix. */
export interface RuleIndex {
  /** Equal kinds give the same rule, so that a changed rule can be told by its identity. */
  find(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): KindRule | undefined;
}

/** One entry of an index: `group/Kind`, `group/*` or `*.suffix/*` and what makes its rule on first use. */
export type IndexEntry = readonly [key: string, make: () => KindRule];

/** Of two entries with one key the later wins. Rules are made when a first object asks for them, and kept. */
export function indexRules(entries: Iterable<IndexEntry>): RuleIndex {
  const makers = new Map(entries);
  const made = new Map<string, KindRule>();
  const get = (key: string): KindRule | undefined => {
    const known = made.get(key);
    if (known) return known;
    const rule = makers.get(key)?.();
    if (rule) made.set(key, rule);
    return rule;
  };
  const suffixes = [...makers.keys()].some((key) => key.startsWith('*.'));
  const search = (group: string, kind: string): KindRule | undefined =>
    get(`${group}/${kind}`) ?? get(`${group}/*`) ?? (suffixes ? below(group, get) : undefined);
  // A cluster has a few hundred kinds and thousands of objects of each.
  const found = new Map<string, Map<string, KindRule | undefined>>();
  return {
    find({ apiVersion, kind }) {
      if (typeof apiVersion !== 'string') return undefined;
      let kinds = found.get(apiVersion);
      if (!kinds) found.set(apiVersion, (kinds = new Map()));
      if (!kinds.has(kind)) kinds.set(kind, search(groupOf(apiVersion), kind));
      return kinds.get(kind);
    },
  };
}

/** The entries of a declared rule, one for each of its kinds. */
export function entriesOf(rule: DeclaredRule): IndexEntry[] {
  let made: KindRule | undefined;
  const make = (): KindRule => (made ??= asKindRule(compileRule(rule)));
  const kinds = rule.kinds === '*' ? ['*'] : rule.kinds;
  return kinds.map((kind) => [`${rule.group}/${kind}`, make] as const);
}

function asKindRule({ judge, deleting, unseen }: CompiledRule): KindRule {
  return { judge, deleting, unseen, asksConventions: false };
}

function below(group: string, get: (key: string) => KindRule | undefined): KindRule | undefined {
  for (let dot = group.indexOf('.'); dot >= 0; dot = group.indexOf('.', dot + 1)) {
    const rule = get(`*${group.slice(dot)}/*`);
    if (rule) return rule;
  }
  return undefined;
}
