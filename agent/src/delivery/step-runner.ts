// Carries out one planned step and notes what came of it.
import type { Assignment } from '@fairlead/protocol/assignment';
import { subject } from '@fairlead/protocol/resource-id';
import type { ApplyOutcome } from '@fairlead/protocol/sync-status';
import type { Clock } from '../clock.ts';
import type { Diagnosis, DriftDoctor } from '../drift/drift-doctor.ts';
import type { DriftCase } from '../drift/examination.ts';
import type { HealLedger } from '../drift/heal-ledger.ts';
import type { LiveCache } from '../drift/live-cache.ts';
import type { KubeError } from '../kube/kube-error.ts';
import { backoffMs } from '../kube/retry.ts';
import type { Log } from '../log.ts';
import type { Claims } from './claims.ts';
import type { DesiredObject } from './desired-object.ts';
import type { DriftNotes } from './drift-notes.ts';
import { NEW_OBJECT, type InstanceState } from './instance-state.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { OwnerNames } from './owner-names.ts';
import type { PlannedStep } from './plan.ts';
import { outOfBounds, ownedByOther, problemOf, type Problem } from './problem.ts';

/** What mends by itself is tried again soon, what was refused slowly. */
const SOON = { firstMs: 500, longestMs: 60_000 };
const SLOWLY = { firstMs: 30_000, longestMs: 10 * 60_000 };

/** What a step works with. */
export interface StepTools {
  readonly writer: ObjectWriter;
  readonly doctor: DriftDoctor;
  readonly ledger: HealLedger;
  readonly notes: DriftNotes;
  readonly cache: LiveCache;
  readonly claims: Claims;
  readonly owners: OwnerNames;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs steps. Never rejects: one bad object does not stop the others. */
export class StepRunner {
  readonly #tools: StepTools;

  constructor(tools: StepTools) {
    this.#tools = tools;
  }

  async run(step: PlannedStep, state: InstanceState, assignment: Assignment): Promise<ApplyOutcome> {
    const { desired } = step;
    try {
      return await this.#do(step, state, assignment);
    } catch (error) {
      const problem = problemOf(error, desired.object);
      const { application, environment, release } = assignment;
      const fields = { application, environment, release, object: subject(desired.ref), code: problem.code };
      this.#tools.log.warn('a step on an object failed', {
        ...fields,
        step: step.step,
        reason: problem.message,
      });
      const outcome = this.#fail(state, desired, problem);
      if (step.step === 'HEAL' || step.step === 'INSPECT') await this.#guess(desired, state, assignment);
      return outcome;
    }
  }

  /** What keeps an object from being healed must not hide what differs; where nothing can be told, nothing changes. */
  async #guess(desired: DesiredObject, state: InstanceState, assignment: Assignment): Promise<void> {
    const { doctor, notes } = this.#tools;
    const drifted = notes.caseOf(desired, state, assignment);
    const found = await doctor.guess(drifted).catch(() => undefined);
    if (found) notes.open(drifted, state, found);
  }

  /** The object's kind cannot be watched now, so nothing is known of it and nothing may be written. */
  blocked(state: InstanceState, desired: DesiredObject, error: KubeError | undefined): void {
    const message = `${desired.ref.kind} cannot be listed and watched yet`;
    const waiting: Problem = { code: 'UNREACHABLE', sync: 'SYNCING', message };
    this.#fail(state, desired, error ? problemOf(error, desired.object) : waiting);
  }

  /** The object is where the agent may not work. */
  outOfBounds(state: InstanceState, desired: DesiredObject): void {
    this.#fail(state, desired, outOfBounds(desired.ref.namespace));
  }

  #do(step: PlannedStep, state: InstanceState, assignment: Assignment): Promise<ApplyOutcome> | ApplyOutcome {
    const { desired } = step;
    switch (step.step) {
      case 'APPLY':
        return this.#apply(desired, step.force, state, assignment);
      case 'HEAL':
      case 'INSPECT':
        return this.#treat(this.#tools.notes.caseOf(desired, state, assignment), state, step.step);
      case 'IGNORE':
        state.drift.closeObject(desired.id, 'RELEASED');
        return 'SKIPPED';
      case 'REFUSE':
        return this.#fail(state, desired, ownedByOther(this.#tools.owners.nameOf(step.owner)));
      case 'WAIT':
        return this.#fail(state, desired, beingDeleted);
      case 'KEEP':
        if (step.outcome === 'UNCHANGED') state.objects.set(desired.id, NEW_OBJECT);
        return step.outcome;
    }
  }

  async #apply(desired: DesiredObject, force: boolean, state: InstanceState, assignment: Assignment) {
    const before = this.#tools.cache.get(desired.id);
    const applied = await this.#tools.writer.apply(desired, { assignment, force });
    const { object } = applied;
    this.#tools.ledger.forget(desired.id);
    this.#tools.claims.seize(desired.id, assignment.instance);
    const isUnchanged = String(before?.resourceVersion) === object.metadata.resourceVersion;
    this.#tools.notes.released(desired, state, { ...applied, isNewContent: !isUnchanged });
    if (before?.uid !== object.metadata.uid) return 'CREATED';
    return isUnchanged ? 'UNCHANGED' : 'CONFIGURED';
  }

  async #treat(drifted: DriftCase, state: InstanceState, step: 'HEAL' | 'INSPECT'): Promise<ApplyOutcome> {
    const { doctor } = this.#tools;
    return this.#diagnosed(
      state,
      drifted,
      await (step === 'HEAL' ? doctor.heal(drifted) : doctor.inspect(drifted)),
    );
  }

  #diagnosed(state: InstanceState, drifted: DriftCase, found: Diagnosis): ApplyOutcome {
    switch (found.result) {
      case 'APPLIED':
        this.#tools.notes.healed(drifted, state, found);
        return 'CONFIGURED';
      case 'OPEN':
        this.#tools.notes.left(drifted, state, found);
        return 'SKIPPED';
      case 'DELETING':
        return this.#fail(state, drifted.desired, beingDeleted);
    }
  }

  #fail(state: InstanceState, desired: DesiredObject, problem: Problem): ApplyOutcome {
    const { id, digest } = desired;
    const before = state.objects.get(id) ?? NEW_OBJECT;
    const { firstMs, longestMs } = problem.sync === 'SYNCING' ? SOON : SLOWLY;
    const delayMs = backoffMs(before.failures, firstMs, longestMs, Math.random());
    state.objects.set(id, {
      ...before,
      problem: {
        ...problem,
        digest,
        settled: isSettled(state, desired) && problem.code !== 'OWNED_BY_OTHER',
      },
      failures: before.failures + 1,
      retryAtMs: this.#tools.clock.now() + delayMs,
    });
    return 'FAILED';
  }
}

/** Whether this content was applied before, so that only its keeping is at stake. */
function isSettled({ inventory }: InstanceState, { id, digest }: DesiredObject): boolean {
  return inventory.get(id)?.digest === digest;
}

const beingDeleted: Problem = {
  code: 'BEING_DELETED',
  sync: 'SYNCING',
  message: 'is being deleted; it is applied again once it is gone',
};
