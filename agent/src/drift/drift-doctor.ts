// Decides about one suspicious object: what is put back now, what waits, and what is left alone.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { subject } from '@fairlead/protocol/resource-id';
import { FIELD_MANAGER } from '@fairlead/protocol/tracking';
import type { Clock } from '../clock.ts';
import type { ObjectWriter } from '../delivery/object-writer.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import { MISSING_OBJECT, ownedDifferences } from './compare.ts';
import type { DriftCase, Examination } from './examination.ts';
import { extraFields } from './extra-fields.ts';
import { valueAt, type FieldSteps } from './field-path.ts';
import type { Finding } from './finding.ts';
import type { HealLedger } from './heal-ledger.ts';
import { isForSomeFields, wishesField, type HealWish } from './heal-wish.ts';
import type { FieldRule, Reason } from './left-alone.ts';

/**
 * APPLIED: `object` is what is there now, `healed` was put back, `open` stays. OPEN: nothing was written, and nothing
 * will be before `retryAtMs`. DELETING: the old object has to go first. `live` is the object as it was found.
 */
export type Diagnosis =
  | {
      readonly result: 'APPLIED';
      readonly object: KubernetesObject;
      readonly live: KubernetesObject | undefined;
      readonly healed: readonly Finding[];
      readonly open: readonly Finding[];
    }
  | {
      readonly result: 'OPEN';
      readonly live: KubernetesObject | undefined;
      readonly open: readonly Finding[];
      readonly retryAtMs?: number;
    }
  | { readonly result: 'DELETING' };

/** What the doctor works with. */
export interface DoctorTools {
  readonly kube: KubeClient;
  readonly writer: ObjectWriter;
  readonly examination: Examination;
  readonly ledger: HealLedger;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks at one suspicious object. Throws `KubeError` where the API server refuses. */
export class DriftDoctor {
  readonly #tools: DoctorTools;

  constructor(tools: DoctorTools) {
    this.#tools = tools;
  }

  /** Puts the object back, at once the first times and ever more rarely while someone takes it away again. */
  async heal(drifted: DriftCase): Promise<Diagnosis> {
    const { examination, ledger, clock } = this.#tools;
    const { desired, wishes } = drifted;
    const live = await this.#look(drifted);
    if (live?.metadata.deletionTimestamp !== undefined) return { result: 'DELETING' };
    if (!live) return this.#recreate(drifted);
    const rules = await examination.rules(drifted, live);
    const needNotAsk = ledger.isCalm(desired.id, clock.now()) && !wishes.some(isForSomeFields);
    if (needNotAsk) return this.#putBack(drifted, live, rules);
    return this.#healWhatIsDue(drifted, live, rules);
  }

  /** Tells what differs. Where nothing does, the object is applied to own its fields again. */
  async inspect(drifted: DriftCase): Promise<Diagnosis> {
    const { examination, writer } = this.#tools;
    const { desired, assignment } = drifted;
    const live = await this.#look(drifted);
    if (live?.metadata.deletionTimestamp !== undefined) return { result: 'DELETING' };
    if (!live) return { result: 'OPEN', live, open: this.#absence(drifted) };
    const rules = await examination.rules(drifted, live);
    const open = await examination.findings(drifted, live, rules);
    if (open.some(({ because }) => because === undefined)) return { result: 'OPEN', live, open };
    // Guarded by the version: a change that comes now must be seen, not overwritten.
    const { resourceVersion } = live.metadata;
    const object = { ...desired.object, metadata: { ...desired.object.metadata, resourceVersion } };
    const guarded = { ...desired, object: object as KubernetesObject };
    const applied = await writer.apply(guarded, { assignment, force: true, seen: { live, rules } });
    return { result: 'APPLIED', object: applied.object, live, healed: [], open };
  }

  /** What is known of an object that cannot be put back, or cannot be asked about. */
  async guess(drifted: DriftCase): Promise<readonly Finding[]> {
    const live = await this.#tools.kube.get(drifted.desired.ref);
    if (!live) return this.#absence(drifted);
    const rules = await this.#tools.examination.rules(drifted, live);
    return this.#tools.examination.locally(drifted, live, rules);
  }

  #look({ live, desired }: DriftCase): Promise<KubernetesObject | undefined> | KubernetesObject {
    return live ?? this.#tools.kube.get(desired.ref);
  }

  async #recreate(drifted: DriftCase): Promise<Diagnosis> {
    const { desired, assignment } = drifted;
    const open = this.#absence(drifted);
    const judged = open.map((finding) => this.#judge(drifted, finding));
    if (!judged.some(isDue)) return openOnly(undefined, judged);
    const { object } = await this.#tools.writer.apply(desired, { assignment, force: true });
    this.#healed(drifted, open);
    return { result: 'APPLIED', object, live: undefined, healed: open, open: [] };
  }

  async #healWhatIsDue(
    drifted: DriftCase,
    live: KubernetesObject,
    rules: readonly FieldRule[],
  ): Promise<Diagnosis> {
    const findings = await this.#tools.examination.findings(drifted, live, rules);
    const judged = findings.map((finding) => this.#judge(drifted, finding));
    const additions = wishedAdditions(live, drifted.desired.object, drifted.wishes);
    if (additions.length > 0) await this.#tools.writer.removeFields(live, additions, drifted.assignment);
    // Without any difference the object is applied to own its fields again.
    if (findings.length > 0 && !judged.some(isDue)) return openOnly(live, judged);
    // One field that may be healed now is reason enough: an apply puts back all of them, save those with a reason.
    const left = judged.flatMap(({ finding }) => (finding.because ? [ruleOf(finding, finding.because)] : []));
    return this.#putBack(drifted, live, [...left, ...rules]);
  }

  async #putBack(
    drifted: DriftCase,
    live: KubernetesObject,
    rules: readonly FieldRule[],
  ): Promise<Diagnosis> {
    const { desired, assignment } = drifted;
    const { writer, examination } = this.#tools;
    const applied = await writer.apply(desired, { assignment, force: true, seen: { live, rules } });
    const healed = examination.told(drifted, live, ownedDifferences(live, applied.object));
    const open = examination.leftAlone(drifted, live, applied.leftOut);
    if (healed.length > 0) this.#healed(drifted, healed);
    return { result: 'APPLIED', object: applied.object, live, healed, open };
  }

  #absence(drifted: DriftCase): readonly Finding[] {
    return this.#tools.examination.told(drifted, undefined, [MISSING_OBJECT]);
  }

  #judge({ desired, assignment, wishes }: DriftCase, finding: Finding): Judged {
    if (finding.because) return { finding };
    const { path, steps, type, attribution } = finding;
    const { manager } = attribution;
    if (wishes.length > 0) {
      const isWished = wishes.some((wish) => wishesField(wish, { steps, manager, type }));
      return { finding: isWished ? finding : { ...finding, because: { kind: 'NOT_ASKED' } } };
    }
    const { ledger, clock } = this.#tools;
    const verdict = ledger.judge(desired.id, { path, manager }, clock.now());
    if (verdict.kind === 'DUE') return { finding };
    if (verdict.kind === 'WAITS') return { finding, waitsUntilMs: verdict.untilMs };
    const { application, environment, release } = assignment;
    this.#tools.log.warn('a field is taken back again and again, so its healing stops for now', {
      application,
      environment,
      release,
      object: subject(desired.ref),
      field: path,
      managers: `${FIELD_MANAGER} and ${manager ?? 'unknown'}`,
    });
    return { finding: { ...finding, because: verdict } };
  }

  #healed({ desired, assignment }: DriftCase, findings: readonly Finding[]): void {
    const { ledger, clock, log } = this.#tools;
    const changed = findings.map(({ path, attribution }) => ({ path, manager: attribution.manager }));
    ledger.record(desired.id, changed, clock.now());
    const { application, environment, release } = assignment;
    log.info('healed an object', {
      application,
      environment,
      release,
      object: subject(desired.ref),
      fields: findings.map(({ path }) => path || '(object)').join(', '),
      writers: [...new Set(findings.map(writerOf))].join(', '),
    });
  }
}

/** What others added and a person wants to be gone. */
function wishedAdditions(
  live: KubernetesObject,
  desired: KubernetesObject,
  wishes: readonly HealWish[],
): readonly FieldSteps[] {
  return extraFields(live)
    .filter(({ steps, attribution }) => {
      const isDeclared = valueAt(desired as Json, steps) !== undefined;
      const field = { steps, manager: attribution.manager, type: 'EXTRA' } as const;
      return !isDeclared && wishes.some((wish) => wishesField(wish, field));
    })
    .map(({ steps }) => steps);
}

/** A finding and whether it may be healed now: not with a reason to leave it alone, and not before its time. */
interface Judged {
  readonly finding: Finding;
  readonly waitsUntilMs?: number;
}

function isDue({ finding, waitsUntilMs }: Judged): boolean {
  return finding.because === undefined && waitsUntilMs === undefined;
}

function openOnly(live: KubernetesObject | undefined, judged: readonly Judged[]): Diagnosis {
  const waits = judged.flatMap(({ waitsUntilMs }) => waitsUntilMs ?? []);
  const open = judged.map(({ finding }) => finding);
  return { result: 'OPEN', live, open, ...(waits.length > 0 && { retryAtMs: Math.min(...waits) }) };
}

function ruleOf({ steps }: Finding, because: Reason): FieldRule {
  return { pattern: steps, because, acceptsAbsence: true, acceptsUnowned: true };
}

function writerOf({ attribution }: Finding): string {
  const { manager, operation, subresource, changedAt } = attribution;
  if (manager === undefined) return 'unknown';
  return `${manager} (${subresource ?? operation ?? 'Update'}${changedAt === undefined ? '' : ` at ${changedAt}`})`;
}
