// The open differences of one instance, each an episode with a beginning and an end. Pure but for its own memory.
import { randomUUID } from 'node:crypto';
import { MAX_REPORTED_DRIFT, type EpisodeEnd, type ReportedDrift } from '@fairlead/protocol/drift';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import type { Attribution } from './attribution.ts';
import { parsePath } from './field-path.ts';
import type { Finding } from './finding.ts';

/** A difference that is open. */
export interface OpenItem extends Finding {
  readonly ref: ObjectRef;
  readonly episode: string;
  readonly firstSeenAt: string;
  readonly healedCount: number;
}

/** An object and what was found on it; `healsOf` says how often each field was put back of late. */
export interface FoundOn {
  readonly ref: ObjectRef;
  readonly findings: readonly Finding[];
  readonly healsOf: (path: string) => number;
  /** When it was first seen that something is amiss; the present where that is not given. */
  readonly seenAtMs?: number | undefined;
}

/** What Git sets, or what others added: each is looked for by itself, and closes nothing of the other. */
export type Aspect = 'DECLARED' | 'ADDED';

/** How an item that is not found any more has ended. */
export type HowEnded = (item: OpenItem) => EpisodeEnd;

/** Told of every episode that ends. */
export type ClosedListener = (episode: ReportedDrift) => void;

/** One per instance. */
export class DriftBook {
  readonly #objects = new Map<string, Map<string, OpenItem>>();
  readonly #now: () => number;
  readonly #onClosed: ClosedListener;

  /** `restored`: what an earlier life of the agent had open, as it told it. */
  constructor(now: () => number, onClosed: ClosedListener, restored: readonly ReportedDrift[] = []) {
    this.#now = now;
    this.#onClosed = onClosed;
    for (const item of restored) this.#put(resourceId(item), restoredItem(item));
  }

  /** The open items of an object. */
  openOn(id: string, aspect: Aspect): readonly OpenItem[] {
    return [...(this.#objects.get(id)?.values() ?? [])].filter((item) => aspectOf(item) === aspect);
  }

  /** Ids of objects with open items. */
  ids(): readonly string[] {
    return [...this.#objects.keys()];
  }

  /** Whether this is an object that nobody declared: no bundle can say when it is over. */
  isAddition(id: string): boolean {
    return this.openOn(id, 'ADDED').some(({ path }) => path === '');
  }

  /** Open differences that nobody accepted. */
  get count(): number {
    return this.#all().filter(({ because }) => because?.kind !== 'EXCEPTED').length;
  }

  /** Differences whose healing stopped, since another manager takes them back. */
  contested(): readonly OpenItem[] {
    return this.#all().filter(({ because }) => because?.kind === 'CONTESTED');
  }

  /** Exactly these are open on the object now; what else was, has ended. */
  replace(id: string, aspect: Aspect, found: FoundOn, ended: HowEnded): void {
    const paths = new Set(found.findings.map(({ path }) => path));
    for (const item of this.openOn(id, aspect)) if (!paths.has(item.path)) this.#close(id, item, ended(item));
    for (const finding of found.findings) this.#open(id, found, finding);
  }

  /** These were open for the moment that it took to put them back. */
  healed(id: string, found: FoundOn): void {
    for (const finding of found.findings) {
      this.#open(id, found, finding);
      const item = this.#objects.get(id)?.get(finding.path);
      if (item) this.#close(id, item, 'HEALED');
    }
  }

  /** Another word on an item that stays open: its live value or its writer changed. */
  update(id: string, item: OpenItem): void {
    this.#put(id, item);
  }

  /** The object, or what is said of it, is no longer kept. */
  closeObject(id: string, end: EpisodeEnd): void {
    for (const item of this.#objects.get(id)?.values() ?? []) this.#close(id, item, end);
  }

  closeAll(end: EpisodeEnd): void {
    for (const id of this.ids()) this.closeObject(id, end);
  }

  /** The most important first: whole objects, what Git sets, additions, and what was accepted last. */
  reported(): { readonly drift: readonly ReportedDrift[]; readonly driftTruncated: boolean } {
    const items = this.#all().sort(byImportance);
    return {
      drift: items.slice(0, MAX_REPORTED_DRIFT).map(reportedItem),
      driftTruncated: items.length > MAX_REPORTED_DRIFT,
    };
  }

  #open(id: string, { ref, healsOf, seenAtMs }: FoundOn, finding: Finding): void {
    const known = this.#objects.get(id)?.get(finding.path);
    const begun = known ?? { episode: randomUUID(), firstSeenAt: textOf(seenAtMs ?? this.#now()) };
    const { episode, firstSeenAt } = begun;
    this.#put(id, { ...finding, ref, episode, firstSeenAt, healedCount: healsOf(finding.path) });
  }

  #put(id: string, item: OpenItem): void {
    const items = this.#objects.get(id) ?? new Map<string, OpenItem>();
    this.#objects.set(id, items.set(item.path, item));
  }

  #close(id: string, item: OpenItem, closedBy: EpisodeEnd): void {
    const items = this.#objects.get(id);
    items?.delete(item.path);
    if (items?.size === 0) this.#objects.delete(id);
    const healedCount = item.healedCount + (closedBy === 'HEALED' ? 1 : 0);
    const closedAt = textOf(this.#now());
    this.#onClosed({ ...reportedItem({ ...item, healedCount }), closedAt, closedBy });
  }

  #all(): OpenItem[] {
    return [...this.#objects.values()].flatMap((items) => [...items.values()]);
  }
}

function textOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function aspectOf({ type }: Finding): Aspect {
  return type === 'EXTRA' ? 'ADDED' : 'DECLARED';
}

function reportedItem(item: OpenItem): ReportedDrift {
  const { ref, episode, path, type, desired, live, masked, attribution, because, firstSeenAt, healedCount } =
    item;
  return {
    ...ref,
    episode,
    ...(path !== '' && { path }),
    type,
    ...(desired !== undefined && { desired }),
    ...(live !== undefined && { live }),
    masked,
    ...attribution,
    firstSeenAt,
    healedCount,
    contested: because?.kind === 'CONTESTED',
    ...(because?.kind === 'EXCEPTED' && { excepted: because.id }),
  };
}

/** Why it was left alone is found anew: the policy may be another one by now. */
function restoredItem(item: ReportedDrift): OpenItem {
  const { apiVersion, kind, namespace, name, path = '', type, desired, live, masked } = item;
  const { manager, managerClass, operation, subresource, changedAt } = item;
  const attribution = { manager, managerClass, operation, subresource, changedAt };
  return {
    ref: { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) },
    episode: item.episode,
    path,
    steps: parsePath(path) ?? [],
    type,
    ...(desired !== undefined && { desired }),
    ...(live !== undefined && { live }),
    masked,
    attribution: withoutUndefined(attribution) as Attribution,
    firstSeenAt: item.firstSeenAt,
    healedCount: item.healedCount,
    ...(item.contested && { because: { kind: 'CONTESTED', untilMs: 0 } as const }),
  };
}

function withoutUndefined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function byImportance(a: OpenItem, b: OpenItem): number {
  return rank(a) - rank(b) || a.firstSeenAt.localeCompare(b.firstSeenAt) || a.path.localeCompare(b.path);
}

function rank({ path, type, because }: OpenItem): number {
  if (because?.kind === 'EXCEPTED') return 4;
  if (because?.kind === 'CONTESTED') return 1;
  if (type === 'EXTRA') return 3;
  return path === '' ? 0 : 2;
}
