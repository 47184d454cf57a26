// The slow path: what exactly differs on an object that someone else wrote, and putting it back.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { subject } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import type { DesiredObject } from '../delivery/desired-object.ts';
import type { ObjectWriter } from '../delivery/object-writer.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import { differingPaths } from './compare.ts';
import type { HealLedger } from './heal-ledger.ts';
import { notIgnored, rulesFor } from './ignore-rules.ts';
import { otherWriters } from './managed-fields.ts';

/**
 * HEALED: applied again, `object` is what is there now. OPEN: `differences` stay, until `retryAtMs` where healing only
 * waits. DELETING: the old object has to go first.
 */
export type Diagnosis =
  | { readonly result: 'HEALED'; readonly object: KubernetesObject }
  | { readonly result: 'OPEN'; readonly differences: number; readonly retryAtMs?: number }
  | { readonly result: 'DELETING' };

/** What the doctor works with. */
export interface DoctorTools {
  readonly kube: KubeClient;
  readonly writer: ObjectWriter;
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
  async heal(desired: DesiredObject, assignment: Assignment): Promise<Diagnosis> {
    const live = await this.#tools.kube.get(desired.ref);
    if (live?.metadata.deletionTimestamp !== undefined) return { result: 'DELETING' };
    const nowMs = this.#tools.clock.now();
    if (!this.#tools.ledger.isCalm(desired.id, nowMs)) {
      const paths = await this.#differences(desired, assignment, live);
      const healAtMs = this.#tools.ledger.healAtMs(desired.id, paths, nowMs);
      if (healAtMs > nowMs) return { result: 'OPEN', differences: paths.length, retryAtMs: healAtMs };
    }
    return { result: 'HEALED', object: await this.#putBack(desired, assignment, live) };
  }

  /** Counts what differs. Where nothing does, the object is applied to own its fields again. */
  async inspect(desired: DesiredObject, assignment: Assignment): Promise<Diagnosis> {
    const live = await this.#tools.kube.get(desired.ref);
    if (live?.metadata.deletionTimestamp !== undefined) return { result: 'DELETING' };
    const paths = await this.#differences(desired, assignment, live);
    const rules = rulesFor(desired.ref, assignment.syncPolicy.ignore);
    const differences = notIgnored(paths, rules).length;
    if (!live || paths.length > 0) return { result: 'OPEN', differences };
    // Guarded by the version: a change that comes now must be seen, not overwritten.
    const { resourceVersion } = live.metadata;
    const object = { ...desired.object, metadata: { ...desired.object.metadata, resourceVersion } };
    const guarded = { ...desired, object: object as KubernetesObject };
    return {
      result: 'HEALED',
      object: await this.#tools.writer.apply(guarded, { assignment, force: true, live }),
    };
  }

  async #putBack(desired: DesiredObject, assignment: Assignment, live: KubernetesObject | undefined) {
    const options = { assignment, force: true, ...(live && { live }) };
    const object = await this.#tools.writer.apply(desired, options);
    const paths = live ? differingPaths(live, object) : [MISSING];
    this.#tools.ledger.record(desired.id, paths, this.#tools.clock.now());
    const { application, environment, release } = assignment;
    this.#tools.log.info('healed an object', {
      application,
      environment,
      release,
      object: subject(desired.ref),
      fields: paths.join(', '),
      writers: live ? otherWriters(live) : 'unknown (it was deleted)',
    });
    return object;
  }

  async #differences(desired: DesiredObject, assignment: Assignment, live: KubernetesObject | undefined) {
    if (!live) return [MISSING];
    const wanted = await this.#tools.writer.apply(desired, { assignment, force: true, dryRun: true, live });
    return differingPaths(live, wanted);
  }
}

// The path of an object as a whole.
const MISSING = '(object)';
