// The hub of the soak: killed at random for a while, then left alone.
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchHub } from '../programs/bench-hub.ts';

const SHORTEST_LIFE_MS = 20_000;
const LONGEST_LIFE_MS = 60_000;
const LONGEST_ABSENCE_MS = 5_000;

/** How often it was killed, and when it began its last life, by `performance.now()`. */
export interface HubKills {
  readonly kills: number;
  readonly lastStartMs: number;
}

/** Kills it again and again for this long, and starts it each time. It serves at the end. */
export async function killAtRandom(hub: BenchHub, forMs: number, signal: AbortSignal): Promise<HubKills> {
  let lastStartMs = performance.now();
  const endsAt = performance.now() + forMs;
  for (let kills = 0; ; kills += 1) {
    const lifeMs = SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
    if (performance.now() + lifeMs > endsAt) return { kills, lastStartMs };
    await pause(lifeMs, undefined, { signal });
    await hub.kill();
    await pause(Math.random() * LONGEST_ABSENCE_MS);
    await hub.restart();
    lastStartMs = performance.now();
  }
}
