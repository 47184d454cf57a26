import type { InstanceReport, ObjectReport } from '@fairlead/protocol/report';
import { describe, expect, it } from 'vitest';
import { outgoingReport } from './report-content.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  data: { password: btoa('hunter22') },
};

const object: ObjectReport = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'settings',
  sync: 'FAILED',
  health: 'MISSING',
  message: 'a webhook says that hunter22 is a bad password',
};

const report: InstanceReport = {
  instance: 'a',
  generation: 1,
  bundle: 'b',
  sync: 'FAILED',
  health: 'MISSING',
  message: `ConfigMap/settings: hunter22 (${btoa('hunter22')})`,
  driftCount: 0,
  objects: [object],
  truncated: false,
  pendingPrune: [],
};

describe('a report that leaves the cluster', () => {
  it('tells no value of a Secret, in whichever form and wherever it stands', () => {
    const text = JSON.stringify(outgoingReport(report, [secret]));
    expect(text).not.toContain('hunter22');
    expect(text).not.toContain(btoa('hunter22'));
  });

  it('tells no value of a Secret that happens to stand in another field either', () => {
    const item = {
      apiVersion: 'v1',
      kind: 'Deployment',
      name: 'web',
      path: 'spec.x',
      type: 'MODIFIED' as const,
      desired: '"hunter22"',
      live: '"open"',
      episode: 'e',
      masked: false,
      managerClass: 'PERSON' as const,
      contested: false,
      firstSeenAt: '2026-01-01T00:00:00Z',
      healedCount: 0,
    };
    const [sent] = outgoingReport({ ...report, drift: [item] }, [secret]).drift ?? [];
    expect(sent).toMatchObject({ live: '"open"', masked: true });
    expect(sent?.desired).not.toContain('hunter22');
  });

  it('has the same hash for the same content, and another one for another', () => {
    const hash = outgoingReport(report, []).contentHash;
    expect(outgoingReport({ ...report }, []).contentHash).toBe(hash);
    expect(outgoingReport({ ...report, driftCount: 1 }, []).contentHash).not.toBe(hash);
  });

  it('names at most 500 objects, and says that there are more', () => {
    const objects = Array.from({ length: 501 }, (_, n) => ({ ...object, name: `settings-${n}` }));
    const sent = outgoingReport({ ...report, objects }, []);
    expect(sent.objects).toHaveLength(500);
    expect(sent.truncated).toBe(true);
  });
});
