import { describe, expect, it } from 'vitest';
import { dependencyCycle, type PolicyUser } from './dependency-cycle.ts';
import type { GateRule, PolicyStep } from './policy-step.ts';

const on = (application: string, environment: string | null = null): GateRule => ({
  name: `needs-${application}`,
  kind: 'dependency',
  application,
  environment,
  minRelease: null,
});

const user = (application: string, gates: Readonly<Record<string, readonly GateRule[]>>): PolicyUser => ({
  application,
  steps: Object.entries(gates).map(([environment, its]) => ({
    environment,
    trigger: 'MANUAL',
    after: null,
    gates: its,
    waves: [],
    verification: [],
    supersede: 'LATEST_WINS',
    onFailure: { rollback: 'NONE', hold: true },
    progressDeadlineMs: 1,
    hotfixSkips: [],
    offline: 'WAIT',
    onFreeze: 'HALT',
  })) satisfies PolicyStep[],
});

describe('dependencies between applications', () => {
  it('are good as long as they lead somewhere', () => {
    expect(dependencyCycle([user('web', { prod: [on('db')] }), user('db', { prod: [] })])).toBeUndefined();
    expect(dependencyCycle([user('web', { prod: [on('an application to come')] })])).toBeUndefined();
  });

  it('must not lead back, also through the environments of one of them', () => {
    expect(dependencyCycle([user('web', { prod: [on('db')] }), user('db', { prod: [on('web')] })])).toEqual([
      'web in prod',
      'db in prod',
      'web in prod',
    ]);
    const web = user('web', { dev: [on('db', 'prod')], prod: [] });
    const db = user('db', { dev: [], prod: [on('web', 'prod')] });
    expect(dependencyCycle([web, db])).toEqual(['web in dev', 'db in prod', 'web in prod', 'web in dev']);
  });

  it('on different environments do not meet', () => {
    const web = user('web', { dev: [on('db', 'dev')], prod: [] });
    const db = user('db', { dev: [], prod: [on('web', 'dev')] });
    expect(dependencyCycle([web, db])).toBeUndefined();
  });

  it('must not lead to the application itself', () => {
    expect(dependencyCycle([user('db', { prod: [on('db')] })])).toEqual(['db in prod', 'db in prod']);
  });
});
