// Reads the truth from the hub when the bell rings, hands it to the engine, and keeps it on disk.
import { createHash } from 'node:crypto';
import type { Assignment } from '@fairlead/protocol/assignment';
import { assignmentsText } from '@fairlead/protocol/assignments-digest';
import type { Clock } from '../clock.ts';
import type { AssignmentUpdate } from '../delivery/engine.ts';
import type { Log } from '../log.ts';
import type { AssignmentFile } from './assignment-file.ts';
import { Bell } from './bell.ts';
import type { BundleLibrary } from './bundle-library.ts';
import type { CredentialKeeper } from './credential-keeper.ts';
import type { HubApi, Instruction } from './hub-api.ts';
import { aroundMs } from './jitter.ts';
import {
  bundlesToKeep,
  mergeAnswer,
  needsFullAnswer,
  NOTHING_KNOWN,
  withoutInstances,
  type AssignmentsAnswer,
  type HubHealthRules,
  type KnownAssignments,
} from './known-assignments.ts';
import { lookWhenRung } from './look-when-rung.ts';
import { OutageLog } from './outage-log.ts';
import { dependsOnTime } from './own-time.ts';

const POLL_MS = 20_000;
const COMPARE_MS = 600_000;

/** What the puller works with. */
export interface PullerParts {
  readonly api: HubApi;
  readonly keeper: CredentialKeeper;
  readonly file: AssignmentFile;
  readonly library: BundleLibrary;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether rings can be heard; without them the hub is asked every now and then. */
  readonly isLinked: () => boolean;
  readonly assign: (update: AssignmentUpdate) => void;
  /** The hub's own health rules, before what is assigned with them. */
  readonly setHealthRules: (rules: readonly object[]) => void;
  readonly instruct: (instructions: readonly Instruction[]) => Promise<void>;
  /** The hub has another database than the one that was known: what it was told before is worth nothing. */
  readonly onNewEpoch: (epoch: string) => void;
  /** All was read, not only what changed: perhaps the hub is of an older day, and has forgotten what it was told. */
  readonly onFullAnswer: () => void;
  /** These are known here and not at the hub. */
  readonly onOrphaned: (instances: readonly string[]) => void;
}

interface Pulled extends AssignmentsAnswer {
  readonly instructions: readonly Instruction[];
}

/** One per agent; what it knows is at hand as `known`. */
export class AssignmentPuller {
  readonly #parts: PullerParts;
  readonly #bell: Bell;
  readonly #outage: OutageLog;
  #known: KnownAssignments = NOTHING_KNOWN;
  #comparedAtMs: number;
  readonly #answered = Promise.withResolvers<void>();

  constructor(parts: PullerParts) {
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
    this.#outage = new OutageLog(parts.log, 'reading the assignments');
    this.#comparedAtMs = parts.clock.now();
  }

  get known(): KnownAssignments {
    return this.#known;
  }

  /** Resolves with the hub's first answer since the start. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** Goes on from what is on disk, before the hub has said anything. */
  async restore(): Promise<void> {
    this.#known = await this.#parts.file.read();
    if (this.#known.epoch === undefined) return;
    const assignments = [...this.#known.byInstance.values()].map(({ assignment }) => assignment);
    this.#parts.setHealthRules(this.#known.healthRules.rules);
    this.#parts.log.info('going on from the assignments on disk', { instances: assignments.length });
    this.#parts.assign({ kind: 'FULL', assignments });
  }

  /** The clocks differ in another way than was believed: what ends at a time of the hub's is ordered again. */
  tellTimesAgain(): void {
    const all = [...this.#known.byInstance.values()].map(({ assignment }) => assignment);
    const assignments = all.filter(dependsOnTime);
    if (assignments.length > 0) this.#parts.assign({ kind: 'CHANGES', assignments });
  }

  /** The hub says that it is at this generation; one that is known already is no news. */
  onRing(generation: number): void {
    if (generation !== this.#known.generation) this.#bell.ring();
  }

  /** Look now, whatever is known: the connection is new. */
  lookNow(): void {
    this.#bell.ring();
  }

  /** These removals are acknowledged. */
  forget(instances: readonly string[]): void {
    this.#known = withoutInstances(this.#known, instances);
    const assignments = [...this.#known.byInstance.values()].map(({ assignment }) => assignment);
    this.#parts.assign({ kind: 'FULL', assignments });
    void this.#parts.file.write(this.#known);
    void this.#parts.library.keepOnly(bundlesToKeep(this.#known));
  }

  /** Until the signal is aborted; rejects with `StopAgent` alone. */
  run(signal: AbortSignal): Promise<void> {
    const [bell, outage] = [this.#bell, this.#outage];
    const restMs = (): number => aroundMs(this.#parts.isLinked() ? COMPARE_MS : POLL_MS, Math.random());
    return lookWhenRung({ bell, outage, restMs, look: () => this.#look() }, signal);
  }

  async #look(): Promise<true> {
    await this.#pull();
    if (this.#parts.clock.now() - this.#comparedAtMs >= COMPARE_MS / 2) await this.#compare();
    return true;
  }

  async #pull(position: Position = this.#known): Promise<void> {
    const answer = await this.#read(position);
    const { epoch } = answer;
    const isNewEpoch = this.#known.epoch !== undefined && this.#known.epoch !== epoch;
    const merged = mergeAnswer(this.#known, answer);
    this.#known = merged.known;
    await this.#parts.file.write(merged.known);
    if (isNewEpoch) this.#newEpoch(epoch);
    if (merged.isFull) this.#parts.onFullAnswer();
    this.#tellOrphaned(merged.orphaned);
    this.#parts.setHealthRules(merged.known.healthRules.rules);
    for (const assignment of merged.changed) this.#tell(assignment);
    const kind = merged.isFull ? 'FULL' : 'CHANGES';
    if (merged.isFull || merged.changed.length > 0) this.#parts.assign({ kind, assignments: merged.changed });
    this.#answered.resolve();
    await this.#parts.library.keepOnly(bundlesToKeep(merged.known));
    await this.#parts.instruct(answer.instructions);
  }

  /** All pages; from the start, in full, where only that can be believed. */
  async #read(position: Position): Promise<Pulled> {
    const { api, keeper } = this.#parts;
    const assignments: Assignment[] = [];
    const since = { since: position.generation, epoch: position.epoch };
    const first = await keeper.use((credential) => api.assignmentsPage(since, credential));
    const isFull = first.isFull || position.generation === 0;
    if (!isFull && needsFullAnswer(this.#known, first)) return this.#read(EVERYTHING);
    let page = first;
    assignments.push(...page.assignments);
    while (page.nextCursor !== undefined) {
      const after = page.nextCursor;
      page = await keeper.use((credential) => api.assignmentsPage({ ...since, after }, credential));
      if (page.epoch !== first.epoch) return this.#read(EVERYTHING);
      assignments.push(...page.assignments);
    }
    // What changed while the pages were read is told again by the next look, from the first page's generation.
    const { epoch, generation } = first;
    const healthRules = await this.#healthRules(first.healthRulesDigest);
    return { epoch, generation, isFull, assignments, instructions: page.instructions, healthRules };
  }

  /** Fetched where they changed. Newer ones than the digest named are taken: the next look names their digest. */
  async #healthRules(digest: string | null): Promise<HubHealthRules> {
    const known = this.#known.healthRules;
    if (known.digest === digest) return known;
    const { api, keeper, log } = this.#parts;
    const fetched = await keeper.use((credential) => api.healthRules(credential));
    log.info("the hub's health rules have changed", { rules: fetched.rules.length });
    return fetched;
  }

  async #compare(): Promise<void> {
    const { api, keeper, clock, log } = this.#parts;
    const theirs = await keeper.use((credential) => api.digest(credential));
    // Something changed since the pull: the bell rings for it, and the next look compares again.
    if (theirs.epoch === this.#known.epoch && theirs.generation !== this.#known.generation) return;
    this.#comparedAtMs = clock.now();
    if (theirs.epoch === this.#known.epoch && theirs.digest === digestOf(this.#known)) return;
    log.warn('what is assigned here is not what the hub has assigned; everything is read again');
    await this.#pull(EVERYTHING);
  }

  #newEpoch(epoch: string): void {
    const reason = 'its database is new or was restored; nothing is removed because of it';
    this.#parts.log.warn('the hub is of another epoch: everything was compared', { epoch, reason });
    this.#parts.onNewEpoch(epoch);
  }

  #tellOrphaned(orphaned: readonly Assignment[]): void {
    for (const { instance, application, environment, release } of orphaned) {
      this.#parts.log.warn('an instance is not known to the hub: ORPHANED, left alone', {
        application,
        environment,
        release,
        instance,
      });
    }
    if (orphaned.length > 0) this.#parts.onOrphaned(orphaned.map(({ instance }) => instance));
  }

  #tell({ application, environment, release, generation, instance, tombstone }: Assignment): void {
    const fields = { application, environment, release, generation, instance };
    if (tombstone) this.#parts.log.info('an instance is to be removed', { ...fields, tombstone });
    else this.#parts.log.info('assigned', fields);
  }
}

type Position = Pick<KnownAssignments, 'epoch' | 'generation'>;

const EVERYTHING: Position = { epoch: undefined, generation: 0 };

function digestOf({ byInstance }: KnownAssignments): string {
  const living = [...byInstance.values()]
    .map(({ assignment }) => assignment)
    .filter(({ tombstone }) => tombstone === undefined);
  return createHash('sha256').update(assignmentsText(living)).digest('hex');
}
