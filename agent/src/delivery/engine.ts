// The door of the agent's engine: assignments go in, observations come out; in between the cluster is made so.
import { progressing } from '@fairlead/health/health-verdict';
import type { Assignment } from '@fairlead/protocol/assignment';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { resourceId } from '@fairlead/protocol/resource-id';
import { pause } from '../clock.ts';
import { LiveCache, type LiveChange } from '../drift/live-cache.ts';
import { AddedObjects, trackAddedObjects } from '../drift/added-objects.ts';
import { DriftBook } from '../drift/drift-book.ts';
import { takeNews, trackAdditions, type Tracked } from '../drift/drift-tracker.ts';
import { HealLedger } from '../drift/heal-ledger.ts';
import { wishesFor, type HealWish } from '../drift/heal-wish.ts';
import { HealthJudge } from '../drift/health-judge.ts';
import { HealthRecheck } from '../drift/health-recheck.ts';
import type { LiveObject } from '../drift/live-object.ts';
import { RuleRefresh } from '../drift/rule-refresh.ts';
import { WatchSet } from '../drift/watch-set.ts';
import { backoffMs } from '../kube/retry.ts';
import { Claims } from './claims.ts';
import { composePass } from './compose-pass.ts';
import type { EngineOptions } from './engine-options.ts';
import type { InstancePass } from './instance-pass.ts';
import { InstanceQueue } from './instance-queue.ts';
import { reportOf, type DatedVerdict } from './instance-report.ts';
import {
  isExamined,
  isKeptAlready,
  NEW_OBJECT,
  newInstanceState,
  replaceAssignment,
  type InstanceState,
} from './instance-state.ts';
import { Interests } from './interests.ts';
import { InventoryStore, type StoredInventory } from './inventory-store.ts';
import { LateInventories } from './late-inventories.ts';
import { nextPassAtMs } from './next-pass.ts';
import { ownNamespaces } from './own-namespaces.ts';
import { OwnerNames } from './owner-names.ts';
import { ReportOutbox, type InstanceObservation } from './report-outbox.ts';
import { isSuspicious, noteSuspect } from './suspicion.ts';

export type { EngineOptions } from './engine-options.ts';
export type { InstanceObservation } from './report-outbox.ts';

const AWAITING_NEW_RULE = progressing(
  'RuleChanged',
  'its health rule has changed, and it is looked at again',
);

/**
 * FULL: these and no others are assigned; what else runs is left alone, unwatched and not removed.
 * CHANGES: these changed. An instance is removed by an assignment with a tombstone, never by its absence.
 */
export type AssignmentUpdate = {
  readonly kind: 'FULL' | 'CHANGES';
  readonly assignments: readonly Assignment[];
};

/** Keeps a cluster as its assignments say. One engine per cluster. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #judge: HealthJudge;
  readonly #ruleRefresh: RuleRefresh;
  readonly #cache: LiveCache;
  readonly #watches: WatchSet;
  readonly #store: InventoryStore;
  readonly #late: LateInventories;
  readonly #claims = new Claims((instance) => this.#queue.add(instance, 'URGENT'));
  readonly #owners = new OwnerNames();
  readonly #ledger = new HealLedger();
  readonly #rechecks: HealthRecheck;
  readonly #additions: AddedObjects;
  readonly #pass: InstancePass;
  readonly #queue: InstanceQueue;
  readonly #outbox: ReportOutbox;
  readonly #states = new Map<string, InstanceState>();
  readonly #interests = new Interests();
  /** Objects of which something was told during a pass, and whether a difference seems to be gone. */
  readonly #touchedInPass = new Map<string, Map<string, boolean>>();
  readonly #stop = new AbortController();
  #stored: Map<string, StoredInventory> | undefined;

  constructor(options: EngineOptions) {
    const { kube, clock, log } = options;
    this.#options = options;
    this.#judge = new HealthJudge({ clock, log, onChange: () => this.#ruleRefresh.start() });
    this.#cache = new LiveCache(this.#judge, () => clock.now());
    this.#cache.onChange((change) => this.#onLive(change));
    const watchTools = { kube, cache: this.#cache, clock, random: Math.random };
    this.#watches = new WatchSet(watchTools, options.namespaces);
    this.#ruleRefresh = new RuleRefresh({ cache: this.#cache, watches: this.#watches, clock, log });
    this.#store = new InventoryStore(kube, options.inventoryNamespace);
    this.#late = new LateInventories({
      store: this.#store,
      clock,
      log,
      states: () => [...this.#states.values()],
    });
    this.#rechecks = new HealthRecheck({ kube, cache: this.#cache, clock, log });
    this.#additions = new AddedObjects({ kube, clock, random: Math.random }, (instance) =>
      this.#trackAddedObjects(instance),
    );
    this.#pass = composePass(options, {
      cache: this.#cache,
      watches: this.#watches,
      store: this.#store,
      claims: this.#claims,
      owners: this.#owners,
      ledger: this.#ledger,
      onWanted: ({ assignment, inventory }) => this.#interests.note(assignment.instance, inventory.keys()),
    });
    this.#queue = new InstanceQueue(clock, (instance) => this.#runPass(instance));
    this.#outbox = new ReportOutbox(clock, (instance) => this.#observe(instance));
  }

  /** Reads the inventories, however long the API server takes; assignments may be given before that. */
  async start(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted && !this.#stored; failures += 1) {
      try {
        await this.#loadInventories();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.error('cannot read the inventories, so nothing is applied yet', { reason });
        await pause(this.#options.clock, backoffMs(failures, 500, 30_000, Math.random()), this.#stop.signal);
      }
    }
    this.#late.begin(this.#stop.signal);
  }

  /** Ends watches and passes; what is in the cluster stays as it is. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#watches.stop();
    this.#additions.stop();
    this.#rechecks.stop();
    this.#ruleRefresh.stop();
    await this.#queue.stop();
    await this.#late.saveAll();
  }

  /** Takes what the hub orders. Among changes, older generations of an instance are passed over. */
  setAssignments({ kind, assignments }: AssignmentUpdate): void {
    for (const assignment of assignments) this.#assign(assignment, kind);
    if (kind === 'CHANGES') return;
    const wanted = new Set(assignments.map(({ instance }) => instance));
    for (const instance of this.#states.keys()) if (!wanted.has(instance)) this.#leave(instance);
  }

  /** The hub's own health rules, which hold for every instance; an application's come with its assignments. */
  setHealthRules(rules: readonly object[]): void {
    this.#judge.setRulesOfHub(rules);
  }

  /** Calls the listener with each instance that changed, and at once with all that are kept. Returns how to end it. */
  onChange(listener: (observation: InstanceObservation) => void): () => void {
    return this.#outbox.listen(listener);
  }

  /** A person approved the prune of this generation. Another generation's approval changes nothing. */
  approvePrune(instance: string, generation: number): void {
    const state = this.#states.get(instance);
    if (!state || state.assignment.generation !== generation) return;
    state.assignment = { ...state.assignment, approvedPrune: generation };
    this.#queue.add(instance);
  }

  /**
   * Heals what is wished now, once, whatever the drift policy says and however often a field was healed before; a
   * contest over it ends.
   */
  healNow(instance: string, wish: HealWish = {}): void {
    const state = this.#states.get(instance);
    if (!state) return;
    for (const [id, { ref }] of state.inventory) {
      if (!wishesFor(wish, ref)) continue;
      this.#ledger.forget(id, wish.path);
      state.objects.delete(id);
    }
    // One that waits for its pass is not forgotten over the next.
    state.healOnce = [...state.healOnce, wish];
    this.#queue.add(instance, 'URGENT');
  }

  /** Instances that left an inventory in this cluster and are not assigned: the hub does not know them. */
  unassigned(): readonly StoredInventory[] {
    return [...(this.#stored?.values() ?? [])].filter(({ instance }) => !this.#states.has(instance));
  }

  /** What is known of an instance now. */
  observe(instance: string): InstanceObservation | undefined {
    return this.#observe(instance);
  }

  async #loadInventories(): Promise<void> {
    const stored = await this.#store.loadAll();
    this.#stored = new Map(stored.map((inventory) => [inventory.instance, inventory]));
    for (const inventory of stored) {
      if (!this.#states.has(inventory.instance)) this.#owners.learn(inventory.instance, inventory);
    }
    for (const [instance, state] of this.#states) {
      state.inventory = this.#stored.get(instance)?.inventory ?? state.inventory;
      this.#queue.add(instance);
    }
  }

  #assign(assignment: Assignment, kind: AssignmentUpdate['kind']): void {
    const { instance } = assignment;
    const state = this.#states.get(instance);
    // What is older came late; but a restored hub counts from where it was, and its full answer is the truth.
    if (state && kind === 'CHANGES' && state.assignment.generation > assignment.generation) return;
    // The same again, as in every full answer, is what is kept already.
    if (state && isKeptAlready(state, assignment)) return this.#look(instance);
    this.#owners.learn(instance, assignment);
    this.#judge.setRulesOfInstance(instance, assignment.healthRules, assignment);
    if (state) replaceAssignment(state, assignment);
    else {
      const inventory = this.#stored?.get(instance)?.inventory ?? new Map();
      this.#states.set(instance, newInstanceState(assignment, inventory, this.#newBook(instance)));
    }
    this.#look(instance);
  }

  #look(instance: string): void {
    this.#outbox.mark(instance);
    if (this.#stored) this.#queue.add(instance);
  }

  #newBook(instance: string): DriftBook {
    const { clock, onDriftClosed, restoredDrift } = this.#options;
    const restored = restoredDrift?.(instance) ?? [];
    for (const item of restored) {
      const field = { path: item.path ?? '', manager: item.manager };
      if (item.contested) this.#ledger.restoreContest(resourceId(item), field, clock.now());
    }
    const onClosed = (episode: ReportedDrift): void => onDriftClosed?.(instance, episode);
    return new DriftBook(() => clock.now(), onClosed, restored);
  }

  /** The hub does not know the instance: it is neither healed nor reported any more, and nothing of it is removed. */
  #leave(instance: string): void {
    const state = this.#states.get(instance);
    if (!state) return;
    const { application, environment, release } = state.assignment;
    const fields = { application, environment, release, instance };
    if (!state.removed)
      this.#options.log.warn('an instance is not assigned any more and is left alone', fields);
    this.#stored?.set(instance, { instance, application, environment, inventory: state.inventory });
    if (state.inventory.size === 0) this.#stored?.delete(instance);
    this.#additions.follow(instance, []);
    state.drift.closeAll('GONE');
    this.#queue.remove(instance);
    this.#claims.releaseAll(instance);
    this.#judge.setRulesOfInstance(instance, undefined);
    this.#outbox.forget(instance);
    this.#states.delete(instance);
  }

  async #runPass(instance: string): Promise<void> {
    const state = this.#states.get(instance);
    if (!state || !this.#stored || state.removed) return;
    const started = state.assignment;
    const startedMs = this.#options.clock.now();
    const touched = new Map<string, boolean>();
    this.#touchedInPass.set(instance, touched);
    const suspects = [...state.suspects.keys()];
    await this.#pass.run(state);
    for (const id of suspects) state.suspects.delete(id);
    this.#touchedInPass.delete(instance);
    for (const id of state.inventory.keys()) this.#trackAdditions(state, this.#cache.get(id));
    this.#followAdditions(state);
    for (const [id, isBack] of touched)
      this.#reconsider(
        state,
        id,
        this.#cache.get(id),
        isBack && state.drift.openOn(id, 'DECLARED').length > 0,
      );
    this.#outbox.mark(instance);
    if (state.assignment !== started) this.#queue.add(instance);
    const nextMs = nextPassAtMs(state, { startedMs, nowMs: this.#options.clock.now() }, Math.random());
    if (nextMs !== undefined) this.#queue.addAt(instance, nextMs);
  }

  #onLive({ before, after, object }: LiveChange): void {
    const live = after ?? before;
    if (!live) return;
    if (after) this.#rechecks.consider(after);
    else this.#rechecks.forget(live.id);
    for (const instance of this.#interests.of(live.id)) this.#consider(instance, live.id, after, object);
  }

  #consider(
    instance: string,
    id: string,
    after: LiveObject | undefined,
    object: KubernetesObject | undefined,
  ): void {
    const state = this.#states.get(instance);
    if (!state?.inventory.has(id)) return this.#interests.drop(id, instance);
    this.#outbox.mark(instance);
    // Another judgement of its health alone.
    if (after && !object) return;
    noteSuspect(state, id, { after, object, nowMs: this.#options.clock.now() });
    const isBack = object !== undefined && takeNews(this.#tracked(state, id), id, object);
    const touched = this.#touchedInPass.get(instance);
    // Our own writes are seen here too, often before their answers: they are judged when the pass is over.
    if (touched) touched.set(id, isBack || (touched.get(id) ?? false));
    else this.#reconsider(state, id, after, isBack);
  }

  #reconsider(state: InstanceState, id: string, after: LiveObject | undefined, isBack: boolean): void {
    this.#trackAdditions(state, after);
    // What was looked at is looked at anew.
    if (isBack) state.objects.delete(id);
    const isKnown = isExamined(state.objects.get(id) ?? NEW_OBJECT, after, this.#options.clock.now());
    const isNews = isBack || (isSuspicious(state, id, after) && !isKnown);
    if (isNews) this.#queue.add(state.assignment.instance, 'URGENT');
  }

  #trackAdditions(state: InstanceState, live: LiveObject | undefined): void {
    if (live)
      trackAdditions(this.#tracked(state, live.id), live, this.#options.clock.now(), () => 'REVERTED');
  }

  /** In namespaces that the instance has to itself; what was added there before is told too. */
  #trackAddedObjects(instance: string): void {
    const state = this.#states.get(instance);
    if (!state) return;
    const tracked = { ...this.#tracked(state, ''), byId: state.prepared?.byId ?? new Map() };
    trackAddedObjects(tracked, this.#additions.of(instance), this.#options.clock.now());
    this.#outbox.mark(instance);
  }

  #followAdditions({ assignment, removed }: InstanceState): void {
    const isWanted = assignment.syncPolicy.extraObjects && !assignment.tombstone && !removed;
    const own = isWanted ? ownNamespaces(assignment.instance, this.#states.values()) : [];
    const covered = own.filter((namespace) => this.#watches.covers({ namespace }));
    this.#additions.follow(assignment.instance, covered);
    this.#trackAddedObjects(assignment.instance);
  }

  #tracked(state: InstanceState, id: string): Tracked {
    return { book: state.drift, assignment: state.assignment, desired: state.prepared?.byId.get(id) };
  }

  #observe(instance: string): InstanceObservation | undefined {
    const state = this.#states.get(instance);
    if (!state) return undefined;
    return reportOf(state, (ref, id) => {
      const live = this.#cache.get(id);
      if (live) return live.instance === instance ? this.#healthOf(live) : 'ABSENT';
      return this.#watches.isSynced(ref) ? 'ABSENT' : 'NOT_WATCHED';
    });
  }

  /** What other rules said does not count: not even for the moment until the object is looked at again. */
  #healthOf(live: LiveObject): DatedVerdict {
    if (this.#cache.isOutdated(live)) return AWAITING_NEW_RULE;
    return { ...live.health, ...(live.sinceMs !== undefined && { sinceMs: live.sinceMs }) };
  }
}
