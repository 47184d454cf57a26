import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { expectedCustomVerdicts } from '../testdata/expected-custom-verdicts.ts';
import { expectedVerdicts } from '../testdata/expected-verdicts.ts';
import { computeHealth } from './compute-health.ts';
import { rulesByKind } from './rules-by-kind.ts';

const expected = { ...expectedVerdicts, ...expectedCustomVerdicts };
const directory = fileURLToPath(new URL('../testdata/', import.meta.url));
const nowMs = Date.parse('2026-01-05T10:00:00Z');
const names = readdirSync(directory)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace(/\.yaml$/, ''));

/** The object of a file, and its pods. */
function load(name: string): [KubernetesObject, ...KubernetesObject[]] {
  const documents = parseAllDocuments(readFileSync(`${directory}${name}.yaml`, 'utf8'));
  return documents.map((one) => one.toJS() as KubernetesObject) as [KubernetesObject, ...KubernetesObject[]];
}

function verdict(name: string, now = nowMs) {
  const [object, ...pods] = load(name);
  return computeHealth(object, { pods, nowMs: now });
}

describe('computeHealth', () => {
  it.each(names)('judges %s', (name) => {
    const { health, reason, message } = verdict(name);
    expect(`${health} ${reason}: ${message}`).toBe(expected[name]);
  });

  it('has a manifest for each expectation', () => {
    expect(Object.keys(expected).toSorted()).toEqual(names.toSorted());
  });

  it('has manifests in two states or more for each kind that comes with Kubernetes', () => {
    const counts = new Map<string, number>();
    for (const name of names) {
      const { apiVersion, kind } = load(name)[0];
      const key = `${groupOf(apiVersion)}/${kind}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const kinds = [...rulesByKind.keys()].filter((key) => !key.startsWith('extensions/'));
    expect(kinds.filter((key) => (counts.get(key) ?? 0) < 2)).toEqual([]);
  });

  it('gives the same verdict whatever the version of the API', () => {
    const [object, ...pods] = load('deployment-crash-loop');
    const old = { ...object, apiVersion: 'extensions/v1beta1' };
    expect(computeHealth(old, { pods })).toEqual(computeHealth(object, { pods }));
  });

  it('keeps its words while a crashing container is between two waits', () => {
    const [object, crashing, running] = load('deployment-crash-loop');
    const alone = (pod: KubernetesObject | undefined) =>
      computeHealth(object, { pods: pod ? [pod] : [] }).reason;
    expect([alone(crashing), alone(running)]).toEqual(['CrashLoopBackOff', 'CrashLoopBackOff']);
  });

  it('says the same of a failing image in both words of the kubelet', () => {
    const said = ['deployment-image-not-found', 'deployment-err-image-pull'].map((name) => verdict(name));
    const [first, second] = said.map(({ message }) => message.split(';')[0]);
    expect(first).toBe(second);
  });

  it('says when to ask again where a grace runs out', () => {
    const created = Date.parse('2026-01-05T09:00:00Z');
    expect(verdict('deployment-unschedulable', created + 14_999)).toEqual({
      health: 'PROGRESSING',
      reason: 'ReplicasUnavailable',
      message: '1 of 1 updated, 1 unavailable',
      recheckAtMs: created + 15_000,
    });
    const after = verdict('deployment-unschedulable', created + 15_000);
    expect([after.health, after.recheckAtMs]).toEqual(['DEGRADED', undefined]);
  });

  it('lets no grace end without knowing the time', () => {
    const [object] = load('pod-unschedulable');
    expect(computeHealth(object).health).toBe('PROGRESSING');
  });
});
