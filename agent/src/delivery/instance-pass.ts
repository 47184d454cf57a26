// One pass over one instance: look at what should be and what is, and do what is missing. Everything that is written for
// an instance, the healing of drift included, is written here; passes of one instance never overlap.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { Clock } from '../clock.ts';
import type { LiveCache } from '../drift/live-cache.ts';
import { wishesFor } from '../drift/heal-wish.ts';
import { kindKey, type KindToWatch, type WatchSet } from '../drift/watch-set.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { KIND_NOT_SERVED, type KubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import { inStages } from './apply-order.ts';
import { preparationKey, prepareBundle } from './bundle-preparation.ts';
import type { BundleSource } from './bundle-source.ts';
import type { Claims } from './claims.ts';
import type { DefinitionWait } from './definition-wait.ts';
import type { DesiredObject } from './desired-object.ts';
import {
  isExamined,
  NEW_OBJECT,
  type InstanceState,
  type ObjectState,
  type PreparedBundle,
} from './instance-state.ts';
import type { InventoryEntry } from './inventory.ts';
import type { InventoryStore } from './inventory-store.ts';
import { planObject, type PlannedStep } from './plan.ts';
import { planPrune, removalStages } from './plan-prune.ts';
import { problemOf, type Problem } from './problem.ts';
import type { Recall } from './recall.ts';
import type { Removals } from './removals.ts';
import type { StepRunner } from './step-runner.ts';

const ASK_AGAIN_MS = 1_500;

/** What a pass works with. */
export interface PassTools {
  readonly kube: KubeClient;
  readonly cache: LiveCache;
  readonly watches: WatchSet;
  readonly bundles: BundleSource;
  readonly store: InventoryStore;
  readonly claims: Claims;
  readonly steps: StepRunner;
  readonly definitions: DefinitionWait;
  readonly removals: Removals;
  readonly recall: Recall;
  /** Told which objects the instance has in its inventory, before the first of them is written. */
  readonly onWanted: (state: InstanceState) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs passes. Never rejects: what goes wrong is kept in the state, to be reported and tried again. */
export class InstancePass {
  readonly #tools: PassTools;

  constructor(tools: PassTools) {
    this.#tools = tools;
  }

  async run(state: InstanceState): Promise<void> {
    const { assignment } = state;
    state.healing = state.healOnce;
    state.healOnce = [];
    try {
      state.problem = undefined;
      if (assignment.tombstone) await this.#bury(state, assignment);
      else await this.#keep(state, assignment);
      if (!state.problem) state.failures = 0;
    } catch (error) {
      state.problem = passProblem(error);
      const { application, environment, release } = assignment;
      this.#tools.log.warn('a pass over an instance failed', {
        application,
        environment,
        release,
        reason: state.problem.message,
      });
    }
    if (state.problem) state.failures += 1;
  }

  async #keep(state: InstanceState, assignment: Assignment): Promise<void> {
    const unavailable = await this.#prepare(state, assignment);
    const { prepared } = state;
    // Without the new bundle the last one is still kept in order, but nothing is removed and nothing is done with.
    state.problem = unavailable;
    if (!prepared) return;
    await this.#growInventory(state, prepared);
    this.#tools.onWanted(state);
    const before = uidsOf(state);
    for (const stage of inStages(prepared.objects)) await this.#runStage(state, assignment, stage);
    if (!unavailable) await this.#prune(state, assignment, prepared);
    if (uidsOf(state) !== before)
      await this.#tools.store.save(assignment.instance, assignment, state.inventory);
    if (!unavailable && !state.problem) state.passed = assignment;
  }

  async #prepare(state: InstanceState, assignment: Assignment): Promise<Problem | undefined> {
    if (state.prepared?.key === preparationKey(assignment) && this.#isFresh(state.prepared)) return undefined;
    try {
      const objects = await this.#tools.bundles(assignment.bundle);
      state.prepared = await prepareBundle(objects, assignment, this.#tools);
      forgetOthers(state, state.prepared);
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the bundle of release ${assignment.release} cannot be had: ${reason}`;
      return { code: 'BUNDLE_UNAVAILABLE', sync: 'SYNCING', message };
    }
  }

  /** Kinds that nobody served are asked for again, but not at every event: healing must not wait for an API that is away. */
  #isFresh({ unresolved, preparedAtMs }: PreparedBundle): boolean {
    return unresolved.length === 0 || this.#tools.clock.now() - preparedAtMs < ASK_AGAIN_MS;
  }

  /** What is about to be applied is written down first, so that a crash leaves nothing that nobody knows of. */
  async #growInventory(state: InstanceState, prepared: PreparedBundle): Promise<void> {
    const unknown = prepared.objects.filter(({ id }) => !state.inventory.has(id));
    if (unknown.length === 0) return;
    for (const { id, ref, place } of unknown) state.inventory.set(id, { ref, place });
    try {
      await this.#tools.store.save(state.assignment.instance, state.assignment, state.inventory);
    } catch (error) {
      for (const { id } of unknown) state.inventory.delete(id);
      throw error;
    }
  }

  async #runStage(
    state: InstanceState,
    assignment: Assignment,
    stage: readonly DesiredObject[],
  ): Promise<void> {
    const [within, beyond] = this.#parted(stage);
    for (const desired of beyond) this.#tools.steps.outOfBounds(state, desired);
    const unready = await this.#tools.watches.ready(kindsOf(within));
    const steps = within.flatMap((desired): PlannedStep[] => {
      const key = kindKey(desired.ref);
      if (!unready.has(key)) return [this.#plan(state, assignment, desired)];
      this.#tools.steps.blocked(state, desired, unready.get(key));
      return [];
    });
    await Promise.all(steps.map((step) => this.#tools.steps.run(step, state, assignment)));
    await this.#tools.definitions.established(steps, stage);
  }

  /** The objects that are where the agent may work, and the others. */
  #parted(stage: readonly DesiredObject[]): [DesiredObject[], DesiredObject[]] {
    const covered = ({ ref }: DesiredObject): boolean => this.#tools.watches.covers(ref);
    return [stage.filter(covered), stage.filter((desired) => !covered(desired))];
  }

  #plan(state: InstanceState, assignment: Assignment, desired: DesiredObject): PlannedStep {
    const object = state.objects.get(desired.id) ?? NEW_OBJECT;
    const live = this.#tools.cache.get(desired.id);
    const resting = isSameAsLastTry(object, desired) && object.retryAtMs > this.#tools.clock.now();
    const facts = {
      desired,
      entry: state.inventory.get(desired.id),
      live,
      claimedBy: this.#tools.claims.take(desired.id, assignment.instance),
      resting: resting && !isFreeToAsk(object),
      examined: isExamined(object, live, this.#tools.clock.now()),
      drifted: state.drift.openOn(desired.id, 'DECLARED').length > 0,
      wished: state.healing.some((wish) => wishesFor(wish, desired.ref)),
    };
    return planObject(facts, assignment.instance, assignment.syncPolicy);
  }

  async #prune(state: InstanceState, assignment: Assignment, prepared: PreparedBundle): Promise<void> {
    const desired = new Set(prepared.objects.map(({ id }) => id));
    const left = [...state.inventory].filter(([id]) => !desired.has(id)).map(([, entry]) => entry);
    const protectedKinds = await this.#protectedKinds(left, prepared);
    const plan = planPrune({
      inventory: state.inventory,
      assignment,
      isDesired: (id, entry) =>
        desired.has(id) || protectedKinds.has(kindKey(entry.ref)) || !this.#tools.watches.covers(entry.ref),
      isOurs: (id) => this.#tools.cache.get(id)?.instance === assignment.instance,
      desiredCount: prepared.objects.length + prepared.unresolved.length,
    });
    state.held = plan.held;
    state.heldBecause = plan.heldBecause;
    this.#tools.removals.forget(state, plan.forget);
    // What replaces a removed object may have failed: then the old one stays until the new one is there.
    if (plan.stages.length === 0 || hasProblems(state)) return;
    state.problem = await this.#tools.removals.prune(state, assignment, plan.stages);
  }

  /** Kinds of which nothing may be concluded now. A kind that is not served has no objects left to remove. */
  async #protectedKinds(
    left: readonly InventoryEntry[],
    prepared: PreparedBundle,
  ): Promise<ReadonlySet<string>> {
    const unresolved = prepared.unresolved.map(({ ref }) => kindKey(ref));
    if (left.length === 0) return new Set(unresolved);
    const unready = await this.#tools.watches.ready(left.map(kindOfEntry));
    const unknown = [...unready].filter(([, error]) => !isNotServed(error)).map(([key]) => key);
    return new Set([...unresolved, ...unknown]);
  }

  /** A tombstone was confirmed at the hub, so no guard asks again. */
  async #bury(state: InstanceState, assignment: Assignment): Promise<void> {
    const mustLook = state.inventory.size === 0 || state.doubt !== undefined;
    state.doubt = mustLook ? await this.#tools.recall.takeStock(state, assignment) : undefined;
    this.#tools.onWanted(state);
    const stages = removalStages([...state.inventory.values()]);
    state.held = [];
    state.heldBecause = '';
    state.problem =
      assignment.tombstone === 'ORPHAN'
        ? await this.#tools.removals.release(state, assignment, stages)
        : await this.#tools.removals.prune(state, assignment, stages);
    await this.#tools.store.save(assignment.instance, assignment, state.inventory);
    state.problem ??= state.doubt;
    if (state.problem) return;
    state.objects.clear();
    state.drift.closeAll('GONE');
    state.prepared = undefined;
    state.removed = true;
    state.passed = assignment;
  }
}

function passProblem(error: unknown): Problem {
  return problemOf(error, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'fairlead-inventory' } });
}

/** The content failed, and it is still the same. */
function isSameAsLastTry({ problem }: ObjectState, desired: DesiredObject): boolean {
  return problem !== undefined && problem.digest === desired.digest;
}

/** Whose an object is, and whether it is still being deleted, is known without a request. */
function isFreeToAsk({ problem }: ObjectState): boolean {
  return problem?.code === 'OWNED_BY_OTHER' || problem?.code === 'BEING_DELETED';
}

function forgetOthers(state: InstanceState, prepared: PreparedBundle): void {
  const wanted = new Set(prepared.objects.map(({ id }) => id));
  for (const id of state.objects.keys()) if (!wanted.has(id)) state.objects.delete(id);
  for (const id of state.drift.ids()) {
    if (!wanted.has(id) && !state.drift.isAddition(id)) state.drift.closeObject(id, 'RELEASED');
  }
}

function hasProblems(state: InstanceState): boolean {
  const unresolved = state.prepared?.unresolved.length ?? 0;
  return unresolved > 0 || [...state.objects.values()].some(({ problem }) => problem !== undefined);
}

/** Equal while the same objects are there; what else changes in an inventory can be written later. */
function uidsOf({ inventory }: InstanceState): string {
  return [...inventory].map(([id, { uid }]) => `${id} ${uid ?? ''}`).join('\n');
}

function kindsOf(stage: readonly DesiredObject[]): KindToWatch[] {
  return stage.map(({ ref, namespaced }) => ({ apiVersion: ref.apiVersion, kind: ref.kind, namespaced }));
}

function kindOfEntry({ ref }: InventoryEntry): KindToWatch {
  return { apiVersion: ref.apiVersion, kind: ref.kind, namespaced: ref.namespace !== undefined };
}

function isNotServed(error: KubeError | undefined): boolean {
  return error?.reason === KIND_NOT_SERVED;
}
