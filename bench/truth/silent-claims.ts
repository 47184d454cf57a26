// What the hub says of clusters that nobody heard: watched from the commit to the end of the rollout.
import { setTimeout as pause } from 'node:timers/promises';
import type { HubApi } from '../../demo/hub-api.ts';

const LOOK_EVERY_MS = 250;

const SILENT = /* GraphQL */ `
  query Silent($all: InstanceFilter, $elsewhere: InstanceFilter) {
    all: fleet(filter: $all) {
      instances
      stale
    }
    elsewhere: fleet(filter: $elsewhere) {
      instances
    }
  }
`;

interface SilentAnswer {
  readonly all: { readonly instances: number; readonly stale: number };
  readonly elsewhere: { readonly instances: number };
}

/** What was said of them in the worst moment. */
export interface SilentClaims {
  /** Instances shown on a release that their cluster never heard of, or shown without saying that they are not heard. */
  readonly wrong: number;
  readonly looks: number;
}

/** Begins to look at the silent clusters; `release` is the one that they cannot have. */
export function watchSilent(api: HubApi, selector: string, release: number): () => Promise<SilentClaims> {
  const ended = new AbortController();
  let [wrong, looks] = [0, 0];
  const look = async (): Promise<void> => {
    const filters = { all: { selector }, elsewhere: { selector, notOnRelease: release } };
    const { all, elsewhere } = await api.ask<SilentAnswer>(SILENT, filters);
    wrong = Math.max(wrong, all.instances - all.stale + (all.instances - elsewhere.instances));
    looks += 1;
  };
  const watching = (async () => {
    while (!ended.signal.aborted) {
      await look();
      await pause(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  // Whoever ends it hears of a failure.
  watching.catch(() => undefined);
  return async () => {
    ended.abort();
    await watching;
    return { wrong, looks };
  };
}
