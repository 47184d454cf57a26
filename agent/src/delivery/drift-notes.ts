// Notes in an instance's state what became of its drift: what was put back, what stays open, and when to look again.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { EpisodeEnd } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { Clock } from '../clock.ts';
import type { FoundOn, OpenItem } from '../drift/drift-book.ts';
import type { Diagnosis } from '../drift/drift-doctor.ts';
import { trackAdditions } from '../drift/drift-tracker.ts';
import type { DriftCase, Examination } from '../drift/examination.ts';
import { holds } from '../drift/field-tree.ts';
import type { Finding } from '../drift/finding.ts';
import type { HealLedger } from '../drift/heal-ledger.ts';
import { wishesFor } from '../drift/heal-wish.ts';
import type { LiveCache } from '../drift/live-cache.ts';
import { ownEntry } from '../drift/managed-fields.ts';
import { ownedDigest } from '../drift/owned-digest.ts';
import type { DesiredObject } from './desired-object.ts';
import { ABSENT, NEW_OBJECT, type InstanceState } from './instance-state.ts';
import type { Applied } from './object-writer.ts';

// No watch tells of an object without our label: somebody has to look whether it is still so.
const UNSEEN_MS = 60_000;
const ABSENT_MS = 5 * 60_000;
// A timer cannot wait for longer than 24 days, and an exception may last for months.
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** What the notes need to know. */
export interface NotesTools {
  readonly examination: Examination;
  readonly ledger: HealLedger;
  readonly cache: LiveCache;
  readonly clock: Clock;
}

/** An object, and when it was first seen that something is amiss. */
type Seen = Pick<DriftCase, 'desired' | 'seenAtMs'>;

/** One per engine. */
export class DriftNotes {
  readonly #tools: NotesTools;

  constructor(tools: NotesTools) {
    this.#tools = tools;
  }

  /** What the doctor has to know of an object. */
  caseOf(desired: DesiredObject, state: InstanceState, assignment: Assignment): DriftCase {
    const { healing } = state;
    const wish = healing && wishesFor(healing, desired.ref) ? healing : undefined;
    const { object: live, seenAtMs } = state.suspects.get(desired.id) ?? {};
    const open = state.drift.openOn(desired.id, 'DECLARED');
    return { desired, assignment, live, seenAtMs, open, wish };
  }

  /** New content was applied: what differed from the old one is no difference any more, save what was accepted. */
  released(
    desired: DesiredObject,
    state: InstanceState,
    applied: Applied & { readonly isNewContent: boolean },
  ): void {
    const { live, leftOut, object, isNewContent } = applied;
    const open = live ? this.#tools.examination.leftAlone({ desired }, live, leftOut) : [];
    this.#replace({ desired }, state, open, () => 'RELEASED');
    this.#applied(desired, state, { object, isNewContent }, open);
  }

  /** The object was put back, as far as it may be. */
  healed(
    drifted: Seen,
    state: InstanceState,
    { object, live, healed, open }: Extract<Diagnosis, { result: 'APPLIED' }>,
  ): void {
    const { desired } = drifted;
    state.drift.healed(desired.id, this.#found(drifted, healed));
    this.#replace(drifted, state, open, endedBy(live));
    // What was put back is no new content: its status goes on to count.
    this.#applied(desired, state, { object, isNewContent: false }, open);
  }

  /** Nothing was written: these stay open. */
  left(
    drifted: Seen,
    state: InstanceState,
    { live, open, retryAtMs }: Extract<Diagnosis, { result: 'OPEN' }>,
  ): void {
    const { desired } = drifted;
    this.#replace(drifted, state, open, endedBy(live));
    const known = this.#tools.cache.get(desired.id);
    const lookAgainMs = known ? [] : [this.#tools.clock.now() + (live ? UNSEEN_MS : ABSENT_MS)];
    const waits = retryAtMs === undefined ? lookAgainMs : [retryAtMs, ...lookAgainMs];
    const examined = known?.owned ?? ABSENT;
    state.objects.set(desired.id, { failures: 0, examined, retryAtMs: this.#until(open, waits) });
  }

  /** These are open, as far as can be told of an object that could not be healed. */
  open(drifted: Seen, state: InstanceState, found: readonly Finding[]): void {
    this.#replace(drifted, state, found, () => 'REVERTED');
  }

  #applied(
    desired: DesiredObject,
    state: InstanceState,
    { object, isNewContent }: { readonly object: KubernetesObject; readonly isNewContent: boolean },
    open: readonly Finding[],
  ): void {
    const { ref, place, digest, id } = desired;
    const owned = ownedDigest(object);
    // The entry first: the cache tells at once who thinks that the object drifted.
    state.inventory.set(id, { ref, place, uid: object.metadata.uid ?? '', digest, owned });
    const stays = { failures: 0, examined: owned, retryAtMs: this.#until(open, []) };
    state.objects.set(id, open.length === 0 ? NEW_OBJECT : stays);
    const live = isNewContent ? this.#tools.cache.putApplied(object) : this.#tools.cache.put(object);
    const tracked = { book: state.drift, assignment: state.assignment, desired };
    trackAdditions(tracked, live, this.#tools.clock.now(), () => 'HEALED');
  }

  #replace(
    drifted: Seen,
    state: InstanceState,
    findings: readonly Finding[],
    ended: (item: OpenItem) => EpisodeEnd,
  ): void {
    state.drift.replace(drifted.desired.id, 'DECLARED', this.#found(drifted, findings), ended);
  }

  #found({ desired: { id, ref }, seenAtMs }: Seen, findings: readonly Finding[]): FoundOn {
    const healsOf = (path: string): number => this.#tools.ledger.healsOf(id, path);
    return { ref, findings, healsOf, seenAtMs };
  }

  /** When the first reason to leave something alone ends; 0 where only an event can change anything. */
  #until(open: readonly Finding[], others: readonly number[]): number {
    const ends = open.flatMap(({ because }) => (because && 'untilMs' in because ? [because.untilMs] : []));
    const first = Math.min(...ends, ...others);
    return Number.isFinite(first) ? Math.min(first, this.#tools.clock.now() + LONGEST_WAIT_MS) : 0;
  }
}

/** A field that was ours again before anybody wrote was put back by an earlier life of this agent. */
function endedBy(live: KubernetesObject | undefined): (item: OpenItem) => EpisodeEnd {
  const own = live && ownEntry(live)?.fieldsV1;
  return ({ steps }) => (holds(own, steps) ? 'HEALED' : 'REVERTED');
}
