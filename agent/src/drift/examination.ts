// What differs on one live object, in words that may be told, with the help of a dry run where one is needed.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { subject } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import type { DesiredObject } from '../delivery/desired-object.ts';
import type { ObjectWriter } from '../delivery/object-writer.ts';
import { isKubeError, type KubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import { attributionOf } from './attribution.ts';
import type { Autoscalers } from './autoscalers.ts';
import { differenceAt, ownedDifferences, type Difference } from './compare.ts';
import { declaredDifferences } from './declared-differences.ts';
import type { OpenItem } from './drift-book.ts';
import { acceptedBy, exceptionOf, exceptionsFor } from './exceptions.ts';
import { findingOf, writtenField, type Finding } from './finding.ts';
import type { HealLedger } from './heal-ledger.ts';
import type { HealWish } from './heal-wish.ts';
import { isIgnored, rulesFor } from './ignore-rules.ts';
import { parsePath } from './field-path.ts';
import { bodyOf, type FieldRule, type LeftOut } from './left-alone.ts';
import { standingRules } from './standing-rules.ts';

/** One object that should be looked at: what is known to be open on it, and what a person wishes. */
export interface DriftCase {
  readonly desired: DesiredObject;
  readonly assignment: Assignment;
  readonly open: readonly OpenItem[];
  /** The object as the last event told it; without it the API server is asked. */
  readonly live?: KubernetesObject | undefined;
  /** When an event first told that something is amiss; kept here, since the event of our own apply forgets it. */
  readonly seenAtMs?: number | undefined;
  readonly wish?: HealWish | undefined;
}

/** What an examination works with. */
export interface ExaminationTools {
  readonly writer: ObjectWriter;
  readonly autoscalers: Autoscalers;
  readonly ledger: HealLedger;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks and never writes. */
export class Examination {
  readonly #tools: ExaminationTools;

  constructor(tools: ExaminationTools) {
    this.#tools = tools;
  }

  /** The rules that an apply of this object has to obey now. */
  async rules(
    { desired, assignment, open }: DriftCase,
    live: KubernetesObject,
  ): Promise<readonly FieldRule[]> {
    const { autoscalers, clock, ledger } = this.#tools;
    const nowMs = clock.now();
    const hasAutoscaler = await autoscalers.has(desired.ref, live);
    const known = open.map(writtenField);
    const standing = standingRules(desired.ref, assignment, live, { nowMs, open: known, hasAutoscaler });
    const contested = ledger.contested(desired.id, nowMs).map(({ path, manager, untilMs }): FieldRule => ({
      pattern: parsePath(path) ?? [],
      manager,
      because: { kind: 'CONTESTED', untilMs },
    }));
    return [...standing, ...contested];
  }

  /** Every difference, those of fields that are left alone included, but none that is ignored. */
  async findings(drifted: DriftCase, live: KubernetesObject, rules: readonly FieldRule[]) {
    const { differences, leftOut } = await this.#differences(drifted, live, rules);
    return [...this.told(drifted, live, differences), ...this.leftAlone(drifted, live, leftOut)];
  }

  /** Differences as findings: attributed, accepted where an exception says so, and without what is ignored. */
  told(
    { desired, assignment }: Pick<DriftCase, 'desired' | 'assignment'>,
    live: KubernetesObject | undefined,
    differences: readonly Difference[],
  ): readonly Finding[] {
    const { ignore, exceptions } = assignment.syncPolicy;
    const [ignored, accepted] = [
      rulesFor(desired.ref, ignore),
      exceptionsFor(desired.ref, exceptions, this.#tools.clock.now()),
    ];
    return differences.flatMap((difference) => {
      const finding = findingOf(desired.ref, difference, attributionOf(live, difference.steps));
      const field = writtenField(finding);
      if (isIgnored(field, ignored)) return [];
      const exception = exceptionOf(field, accepted);
      return [exception ? { ...finding, because: acceptedBy(exception) } : finding];
    });
  }

  /** What differs among the fields that an apply left to others, save those that are ignored. */
  leftAlone(
    { desired }: Pick<DriftCase, 'desired'>,
    live: KubernetesObject,
    leftOut: readonly LeftOut[],
  ): readonly Finding[] {
    return leftOut.flatMap(({ steps, because }) => {
      const difference = because.kind === 'IGNORED' ? undefined : differenceAt(live, desired.object, steps);
      if (!difference) return [];
      return [{ ...findingOf(desired.ref, difference, attributionOf(live, steps)), because }];
    });
  }

  /** What can be told without asking the API server, which would only refuse again. */
  locally(drifted: DriftCase, live: KubernetesObject, rules: readonly FieldRule[]): readonly Finding[] {
    const { object, leftOut } = bodyOf(drifted.desired.object, live, rules);
    const differences = declaredDifferences(live, object);
    return [...this.told(drifted, live, differences), ...this.leftAlone(drifted, live, leftOut)];
  }

  async #differences(
    { desired, assignment }: DriftCase,
    live: KubernetesObject,
    rules: readonly FieldRule[],
  ) {
    const options = { assignment, force: true, dryRun: true, seen: { live, rules } };
    try {
      const { object, leftOut } = await this.#tools.writer.apply(desired, options);
      return { differences: ownedDifferences(live, object), leftOut };
    } catch (error) {
      if (!isKubeError(error, 400, 422)) throw error;
      if (error.code === 400) this.#noDryRun(desired, assignment, error);
      const { object, leftOut } = bodyOf(desired.object, live, rules);
      return { differences: declaredDifferences(live, object), leftOut };
    }
  }

  #noDryRun(desired: DesiredObject, assignment: Assignment, error: KubeError): void {
    const { application, environment, release } = assignment;
    const fields = { application, environment, release, object: subject(desired.ref), reason: error.message };
    this.#tools.log.warn('the API server refuses a dry run, so drift is found by plain comparison', fields);
  }
}
