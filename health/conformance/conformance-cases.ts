// The cases of Argo CD's and kstatus' own tests. They are other projects' data, so they are read from where they lie
// and are no part of this one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Health } from '@fairlead/protocol/health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { parse } from 'yaml';

/** The present, as the cases are judged. */
export const conformanceNowMs = Date.parse('2026-01-05T10:00:00Z');

/** One case of either family, in our words. */
export interface ConformanceCase {
  /** `kafka.strimzi.io/KafkaTopic degraded`. */
  readonly name: string;
  readonly object: KubernetesObject;
  readonly expected: Health;
}

interface ArgoCdCase {
  readonly group: string;
  readonly kind: string;
  readonly case: string;
  readonly health: Health;
  readonly object: KubernetesObject;
}

interface KstatusCase {
  readonly suite: string;
  readonly name: string;
  readonly manifest: string;
  readonly expectedStatus: 'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'NotFound';
}

const inOurWords: Readonly<Record<KstatusCase['expectedStatus'], Health>> = {
  Current: 'HEALTHY',
  InProgress: 'PROGRESSING',
  Failed: 'DEGRADED',
  Terminating: 'PROGRESSING',
  NotFound: 'MISSING',
};

/** Whether the data was promised, so that its absence is a failure. */
export const isDataPromised = process.env['FAIRLEAD_CONFORMANCE_DATA'] !== undefined;

const folder =
  process.env['FAIRLEAD_CONFORMANCE_DATA'] ??
  fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

/** The shared cases of Argo CD's custom kinds; undefined where the data is not there. */
export function argoCdCases(): readonly ConformanceCase[] | undefined {
  return (read('health-cases.json') as readonly ArgoCdCase[] | undefined)?.map((one) => ({
    name: `${one.group}/${one.kind} ${one.case}`,
    object: one.object,
    expected: one.health,
  }));
}

/** The cases of kstatus; undefined where the data is not there. */
export function kstatusCases(): readonly ConformanceCase[] | undefined {
  return (read('kstatus-cases.json') as readonly KstatusCase[] | undefined)?.map((one) => ({
    name: one.name,
    // The cases write %s for the present.
    object: parse(one.manifest.replaceAll('%s', new Date(conformanceNowMs).toISOString()), {
      uniqueKeys: false,
    }) as KubernetesObject,
    expected: inOurWords[one.expectedStatus],
  }));
}

/** Tells a person who reads a test run what it did not show. */
export function tellLeftOut(what: string): void {
  process.stderr.write(
    `\n*** LEFT OUT: ${what} needs other projects' test data; set FAIRLEAD_CONFORMANCE_DATA.\n\n`,
  );
}

function read(name: string): unknown {
  const file = join(folder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
