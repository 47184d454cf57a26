// What the hub says of clusters that nobody heard: watched from the commit to the end of the rollout.
import { setTimeout as pause } from 'node:timers/promises';
import type { HubApi } from '../../demo/hub-api.ts';

const LOOK_EVERY_MS = 250;

const SILENT = /* GraphQL */ `
  query Silent($all: InstanceFilter, $elsewhere: InstanceFilter) {
    all: fleet(filter: $all) {
      instances
      stale
      sync {
        synced
      }
    }
    elsewhere: fleet(filter: $elsewhere) {
      instances
    }
  }
`;

interface SilentAnswer {
  readonly all: {
    readonly instances: number;
    readonly stale: number;
    readonly sync: { readonly synced: number };
  };
  readonly elsewhere: { readonly instances: number };
}

/** Silent clusters, and the release that they cannot have; each has one instance. */
export interface SilentOnes {
  readonly selector: string;
  readonly count: number;
  readonly release: number;
}

/** What was said of them. */
export interface SilentClaims {
  /** Instances shown on the release, or without saying that they are not heard, in the worst moment. */
  readonly wrong: number;
  /** Instances called SYNCED at the end, when each of them had been assigned the release. */
  readonly syncedAtEnd: number;
  readonly looks: number;
}

/** Begins to look; the returned function ends that. */
export function watchSilent(api: HubApi, silent: SilentOnes): () => Promise<SilentClaims> {
  const ended = new AbortController();
  let [wrong, looks] = [0, 0];
  const look = async (): Promise<number> => {
    const { all, elsewhere } = await askOf(api, silent);
    wrong = Math.max(wrong, all.instances - all.stale + (all.instances - elsewhere.instances));
    looks += 1;
    return all.sync.synced;
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
    const syncedAtEnd = await look();
    return { wrong, syncedAtEnd, looks };
  };
}

/** Throws where it is not all of them that are looked at: then nothing wrong would be seen. */
async function askOf(api: HubApi, { selector, count, release }: SilentOnes): Promise<SilentAnswer> {
  const filters = { all: { selector }, elsewhere: { selector, notOnRelease: release } };
  const answer = await api.ask<SilentAnswer>(SILENT, filters);
  if (answer.all.instances === count) return answer;
  throw new Error(
    `${answer.all.instances} instances match ${selector}, and there are ${count} silent clusters`,
  );
}
