import type { InstanceReport, ObjectReport } from '@fairlead/protocol/report';
import { describe, expect, it } from 'vitest';
import { shownValue } from '../drift/shown-value.ts';
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

describe('a report that leaves the cluster', () => {
  it('tells no value of a Secret, in whichever form and wherever it stands', () => {
    const text = JSON.stringify(outgoingReport(report, [secret]));
    expect(text).not.toContain('hunter22');
    expect(text).not.toContain(btoa('hunter22'));
  });

  it('tells no value of a Secret that happens to stand in another field either', () => {
    const [sent] = outgoingReport({ ...report, drift: [item] }, [secret]).drift ?? [];
    expect(sent).toMatchObject({ live: '"open"', masked: true });
    expect(sent?.desired).not.toContain('hunter22');
  });

  it.each<[string, string, string]>([
    ['lines and quotes, which JSON writes otherwise', 'user "me"\nkey\\1', 'user \\"me'],
    ['digits, in a field that is a number', '48151623', '48151623'],
  ])('tells none of a value with %s', (_, value, trace) => {
    const quoting = { ...secret, data: { key: btoa(value) } };
    const live = Number.isNaN(Number(value)) ? { file: `begin ${value} end` } : { pin: Number(value) };
    const drift = [{ ...item, live: JSON.stringify(live) }];
    const [sent] = outgoingReport({ ...report, drift }, [quoting]).drift ?? [];
    expect(drift[0]?.live).toContain(trace);
    expect(sent?.live).not.toContain(trace);
    expect(() => JSON.parse(sent?.live ?? '') as unknown).not.toThrow();
    expect(sent?.masked).toBe(true);
  });

  it('tells no beginning of a value at which a long text was cut', () => {
    const value = 'abcdefgh'.repeat(2_000);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' };
    const { text: live = '' } = shownValue(ref, [], { file: `begin ${value}` });
    const long = { ...secret, data: { key: btoa(value) } };
    const [sent] = outgoingReport({ ...report, drift: [{ ...item, live }] }, [long]).drift ?? [];
    expect(live).toContain('abcdefgh');
    expect(sent?.live).toMatch(/begin ••••••… \(\d+ characters\)"$/);
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
