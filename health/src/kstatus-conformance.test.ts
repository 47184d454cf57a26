// The cases of kstatus' own tests. They are another project's data, so they are read from where they lie and are
// no part of this one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Health } from '@fairlead/protocol/health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { computeHealth } from './compute-health.ts';

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly manifest: string;
  readonly expectedStatus: 'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'NotFound';
}

const inOurWords: Readonly<Record<Case['expectedStatus'], Health>> = {
  Current: 'HEALTHY',
  InProgress: 'PROGRESSING',
  Failed: 'DEGRADED',
  Terminating: 'PROGRESSING',
  NotFound: 'MISSING',
};

/** Where Argo CD judges otherwise and decides: a running job, a failed pod, a load balancer without address. */
const whereArgoCdDecides: Readonly<Record<string, Health>> = {
  jobInProgress: 'PROGRESSING',
  podCompletedFailed: 'DEGRADED',
  serviceLBok: 'PROGRESSING',
};

const nowMs = Date.parse('2026-01-05T10:00:00Z');
const given = process.env['FAIRLEAD_CONFORMANCE_DATA'];
const directory = given ?? fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
const file = join(directory, 'kstatus-cases.json');
const isPresent = existsSync(file);
const cases = isPresent ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];

function judge({ manifest }: Case): Health {
  // The cases write %s for the present.
  const object = parse(manifest.replaceAll('%s', new Date(nowMs).toISOString()), { uniqueKeys: false });
  return computeHealth(object as KubernetesObject, { nowMs }).health;
}

const name = 'the cases of kstatus';
if (isPresent) {
  describe(name, () => {
    it.each(cases.map((one) => [`${one.suite}/${one.name}`, one] as const))('agrees on %s', (_, one) => {
      expect(judge(one)).toBe(whereArgoCdDecides[one.name] ?? inOurWords[one.expectedStatus]);
    });

    it('differs from kstatus in no more than the three cases that Argo CD decides', () => {
      const differing = cases.filter((one) => judge(one) !== inOurWords[one.expectedStatus]);
      expect(differing.map((one) => one.name).toSorted()).toEqual(Object.keys(whereArgoCdDecides));
    });
  });
} else {
  process.stderr.write(
    `\n*** LEFT OUT: "${name}" needs kstatus-cases.json; set FAIRLEAD_CONFORMANCE_DATA.\n\n`,
  );
  describe(`${name} (left out: no data, set FAIRLEAD_CONFORMANCE_DATA)`, () => {
    it('were not promised by FAIRLEAD_CONFORMANCE_DATA', () => {
      expect(given).toBeUndefined();
    });
  });
}
