import { describe, expect, it } from 'vitest';
import { usesClusterVariables } from '../../applications/domain/application.ts';
import type { PinnedSource } from './release.ts';
import { slotInputs, type TargetCluster } from './resolved-inputs.ts';

const source = (path: string, valueFiles: string[] = []): PinnedSource => ({
  applicationName: 'shop',
  namespace: 'shop',
  repository: 'https://h/r',
  ref: 'HEAD',
  path,
  renderer: 'AUTO',
  helm: { releaseName: null, valueFiles, values: null },
});
const cluster = (id: bigint, name: string, labels: Record<string, string> = {}): TargetCluster => ({
  id,
  name,
  labels,
});
const slot = (...clusters: TargetCluster[]) => ({ environmentId: 7n, environment: 'dev', clusters });

describe('the inputs of a slot', () => {
  it('are one for all clusters where only the environment is used', () => {
    const found = slotInputs(source('overlays/{{environment}}'), slot(cluster(1n, 'a'), cluster(2n, 'b')));
    expect([...found.inputs.values()]).toEqual([{ path: 'overlays/dev', valueFiles: [] }]);
    expect(new Set(found.keyOfCluster.values()).size).toBe(1);
  });

  it('are one for each group of clusters with the same values', () => {
    const of = source('chart', ['/values/{{cluster.labels.region}}.yaml']);
    const clusters = [
      cluster(1n, 'a', { region: 'eu' }),
      cluster(2n, 'b', { region: 'eu' }),
      cluster(3n, 'c', { region: 'us' }),
    ];
    const found = slotInputs(of, slot(...clusters));
    expect([...found.inputs.values()].map(({ valueFiles }) => valueFiles)).toEqual([
      ['/values/eu.yaml'],
      ['/values/us.yaml'],
    ]);
    expect(found.keyOfCluster.get(1n)).toBe(found.keyOfCluster.get(2n));
  });

  it('are an error for a cluster that lacks a label, and for no other', () => {
    const found = slotInputs(
      source('r/{{cluster.labels.region}}'),
      slot(cluster(1n, 'a'), cluster(2n, 'b', { region: 'eu' })),
    );
    expect(found.errors.get(1n)?.message).toContain('Cluster "a" in "dev" has no label "region"');
    expect([...found.keyOfCluster.keys()]).toEqual([2n]);
  });

  it('exist for an environment without clusters where no cluster is asked for', () => {
    expect(slotInputs(source('{{environment}}'), slot()).inputs.size).toBe(1);
    expect(slotInputs(source('{{cluster.name}}'), slot()).inputs.size).toBe(0);
    expect(usesClusterVariables(source('{{cluster.name}}'))).toBe(true);
    expect(usesClusterVariables(source('{{environment}}'))).toBe(false);
  });
});
