// A test of one case of the catalogue. What it found is left on disk, from where the table in docs/ is written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { allFaults, type FaultKey } from './fault-catalogue.ts';

const folder = fileURLToPath(new URL('../../../.build/faults/', import.meta.url));

/** What a run found. */
export interface FaultResult {
  readonly key: string;
  readonly passed: boolean;
  /** What was measured or seen, in a few words. */
  readonly found: string;
}

/** A machine that is busy with other things takes ten times as long; nothing is shown by giving up. */
const PATIENCE_MS = 900_000;

/** Declares the test of a case; `prove` throws where something does not hold, and answers what it saw. */
export function faultCase(key: FaultKey, prove: () => Promise<string>, timeoutMs = PATIENCE_MS): void {
  const found = allFaults.find((each) => each.key === key);
  if (!found) throw new Error(`the catalogue has no case ${key}`);
  const name = `${key}: ${found.fault}: ${found.holds}`;
  it(
    name,
    async () => {
      leave({ key, passed: false, found: 'it did not end' });
      try {
        leave({ key, passed: true, found: await prove() });
      } catch (error) {
        leave({ key, passed: false, found: 'it does not hold' });
        throw error;
      }
    },
    timeoutMs,
  );
}

function leave(result: FaultResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${result.key}.json`, `${JSON.stringify(result)}\n`);
}
