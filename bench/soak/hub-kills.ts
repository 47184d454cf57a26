// The hub of the soak: killed at random for a while, then left alone.
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchHub } from '../programs/bench-hub.ts';

const SHORTEST_LIFE_MS = 20_000;
const LONGEST_LIFE_MS = 60_000;
const LONGEST_ABSENCE_MS = 5_000;

/** Kills it again and again for this long, and starts it each time; how often. It serves at the end. */
export async function killAtRandom(hub: BenchHub, forMs: number, signal: AbortSignal): Promise<number> {
  const endsAt = performance.now() + forMs;
  for (let kills = 0; ; kills += 1) {
    const lifeMs = SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
    if (performance.now() + lifeMs > endsAt) return kills;
    await pause(lifeMs, undefined, { signal });
    await hub.kill();
    await pause(Math.random() * LONGEST_ABSENCE_MS);
    await hub.restart();
  }
}
