// Episodes of drift that are over and that the hub has not taken in yet. Pure but for its own memory.
import { MAX_REPORTED_CLOSED, type ReportedDrift } from '@fairlead/protocol/drift';

/** While the hub is away a fight goes on: of one instance no more than this many are kept, the newest. */
export const MAX_KEPT_EPISODES = 2_000;

/** By instance, in the order in which they ended. */
export class EndedEpisodes {
  readonly #byInstance = new Map<string, ReportedDrift[]>();

  constructor(kept: ReadonlyMap<string, readonly ReportedDrift[]> = new Map()) {
    for (const [instance, episodes] of kept) this.#byInstance.set(instance, [...episodes]);
  }

  /** Adds one; whether an older one had to make room. */
  add(instance: string, episode: ReportedDrift): boolean {
    const episodes = this.#byInstance.get(instance) ?? [];
    this.#byInstance.set(instance, episodes);
    episodes.push(episode);
    return episodes.length > MAX_KEPT_EPISODES && episodes.shift() !== undefined;
  }

  /** The oldest ones of an instance, as many as one report may carry. */
  next(instance: string): readonly ReportedDrift[] {
    return (this.#byInstance.get(instance) ?? []).slice(0, MAX_REPORTED_CLOSED);
  }

  /** The hub has these. */
  taken(instance: string, ids: ReadonlySet<string>): void {
    const left = (this.#byInstance.get(instance) ?? []).filter(({ episode }) => !ids.has(episode));
    if (left.length > 0) this.#byInstance.set(instance, left);
    else this.#byInstance.delete(instance);
  }

  has(instance: string): boolean {
    return this.#byInstance.has(instance);
  }

  forget(instance: string): void {
    this.#byInstance.delete(instance);
  }

  all(): ReadonlyMap<string, readonly ReportedDrift[]> {
    return this.#byInstance;
  }
}
