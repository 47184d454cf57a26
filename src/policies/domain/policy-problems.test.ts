import { describe, expect, it } from 'vitest';
import type { ApprovalRule, CheckRule, GateRule, PolicyStep, WaveRule } from './policy-step.ts';
import { sameSteps, upstreamOf } from './policy.ts';
import { policyProblems } from './policy-problems.ts';

const now = new Date('2026-06-01T12:00:00Z');

const step = (environment: string, change: Partial<PolicyStep> = {}): PolicyStep => ({
  environment,
  trigger: 'MANUAL',
  after: null,
  gates: [],
  waves: [],
  verification: [],
  supersede: 'LATEST_WINS',
  onFailure: { rollback: 'NONE', hold: true },
  progressDeadlineMs: 900_000,
  hotfixSkips: [],
  offline: 'EXCLUDE_AND_CATCH_UP',
  onFreeze: 'FINISH_WAVE',
  ...change,
});

const approval: ApprovalRule = {
  count: 1,
  roles: null,
  notRequester: true,
  notAuthor: false,
  expiresMs: 1_000,
};

const wave = (name: string, change: Partial<WaveRule> = {}): WaveRule => ({
  name,
  selector: null,
  percent: null,
  count: null,
  maxConcurrent: null,
  maxConcurrentPercent: null,
  bakeMs: 0,
  maxFailures: null,
  maxFailuresPercent: null,
  maxOffline: null,
  maxOfflinePercent: null,
  approval: null,
  verification: [],
  ...change,
});

const http = (change: Partial<Extract<CheckRule, { kind: 'http' }>> = {}): CheckRule => ({
  name: 'answers',
  kind: 'http',
  url: 'https://shop.example/healthz',
  method: 'GET',
  expectStatus: 200,
  expectJson: null,
  intervalMs: 10_000,
  timeoutMs: 300_000,
  successes: 1,
  failures: 3,
  ...change,
});

const metric = (change: Partial<Extract<CheckRule, { kind: 'metric' }>> = {}): CheckRule => ({
  name: 'errors',
  kind: 'metric',
  prometheus: 'http://prometheus.example',
  query: 'sum(errors)',
  condition: '< 0.01',
  intervalMs: 30_000,
  count: 3,
  failures: 1,
  ...change,
});

/** What is wrong with `prod` after `dev`, without the step's own name in front. */
const problemsOf = (change: Partial<PolicyStep>): string[] =>
  policyProblems([step('dev'), step('prod', change)], [], now).map((text) =>
    text.replace('Step "prod": ', ''),
  );
const gateProblems = (...gates: GateRule[]) => problemsOf({ gates });
const waveProblems = (...waves: WaveRule[]) => problemsOf({ waves });

describe('the steps of a policy', () => {
  it('are good in a row, and as a fan', () => {
    expect(policyProblems([step('dev'), step('staging'), step('prod')], [], now)).toEqual([]);
    const fan = [step('dev'), step('eu', { after: ['dev'] }), step('us', { after: ['dev'] })];
    expect(policyProblems(fan, [], now)).toEqual([]);
  });

  it('wait for the step before them unless they say otherwise', () => {
    const steps = [step('dev'), step('staging'), step('prod', { after: [] })];
    expect(steps.map((_, index) => upstreamOf(steps, index))).toEqual([[], ['dev'], []]);
  });

  it('have all their problems named at once', () => {
    const steps = [
      step('dev'),
      step('dev'),
      step('x'),
      step('prod', { after: ['nowhere'], progressDeadlineMs: 0 }),
    ];
    expect(policyProblems(steps, ['x'], now)).toEqual([
      'Environment "x" does not exist: save it first.',
      'Environment "dev" has more than one step.',
      'Step "prod": after names "nowhere", which is no step of this policy.',
      'Step "prod": progressDeadline must be longer than 0s.',
      'The steps wait for each other: dev after dev.',
    ]);
  });

  it('must not wait for each other, neither by order nor by soaking', () => {
    const steps = [step('a', { after: ['c'] }), step('b'), step('c'), step('d', { after: [] })];
    expect(policyProblems(steps, [], now)).toEqual([
      'The steps wait for each other: a after c after b after a.',
    ]);
    const soak: GateRule = { name: 'soak', kind: 'soak', environment: 'prod', durationMs: 1, graceMs: 0 };
    expect(policyProblems([step('dev', { gates: [soak] }), step('prod')], [], now)).toEqual([
      'The steps wait for each other: dev after prod after dev.',
    ]);
  });

  it('must exist', () => expect(policyProblems([], [], now)).toEqual(['A policy needs at least one step.']));

  it('are the same only when nothing differs, whatever the order of their words', () => {
    const before = [
      step('dev'),
      step('prod', { after: ['dev'], gates: [{ name: 'approval', kind: 'approval', ...approval }] }),
    ];
    const stored = JSON.parse(
      JSON.stringify(before.map((each) => Object.fromEntries(Object.entries(each).toReversed()))),
    ) as PolicyStep[];
    expect(sameSteps(before, stored)).toBe(true);
    expect(sameSteps(before, [step('dev'), step('prod', { after: ['dev'] })])).toBe(false);
    expect(sameSteps(before, [before[0]!])).toBe(false);
  });
});

describe('the gates of a step', () => {
  it('have names that are unique, readable, and not those that every step has', () => {
    const drift = (name: string): GateRule => ({ name, kind: 'driftFree' });
    expect(gateProblems(drift('a'), drift('a'), drift('upstream'), drift('wave:x'))).toEqual([
      'two gates have the name "a".',
      'gate "upstream": every step has a gate of this name already.',
      expect.stringContaining('gate "wave:x": "wave:x" is no name'),
    ]);
  });

  it('soak in an environment of the policy, for some time, and not where nothing comes before', () => {
    const soak: GateRule = { name: 'soak', kind: 'soak', environment: null, durationMs: 60_000, graceMs: 0 };
    expect(gateProblems(soak)).toEqual([]);
    expect(gateProblems({ ...soak, environment: 'moon', durationMs: 0 })).toEqual([
      'gate "soak": environment "moon" is no step of this policy.',
      'gate "soak": duration must be longer than 0s.',
    ]);
    expect(policyProblems([step('dev', { gates: [soak] })], [], now)).toEqual([
      'Step "dev": gate "soak": it needs an environment, because the step comes after none.',
    ]);
  });

  it('ask for approvals that somebody can give', () => {
    const gate: GateRule = {
      name: 'approval',
      kind: 'approval',
      ...approval,
      count: 0,
      roles: ['VIEWER'],
      expiresMs: 0,
    };
    expect(gateProblems(gate)).toEqual([
      'gate "approval": count must be between 1 and 20.',
      'gate "approval": roles: a VIEWER only reads, and cannot approve.',
      'gate "approval": expires must be longer than 0s.',
    ]);
    expect(gateProblems({ name: 'a', kind: 'approval', ...approval, roles: [] })).toHaveLength(1);
  });

  it('open at some time, in a zone that exists', () => {
    const always = { days: null, from: null, to: null, dates: null };
    const gate = (change: object): GateRule => ({
      name: 'w',
      kind: 'window',
      timeZone: 'Europe/Berlin',
      allow: [always],
      exclude: [],
      ...change,
    });
    expect(gateProblems(gate({}))).toEqual([]);
    expect(gateProblems(gate({ timeZone: 'Mars/Olympus' }))).toEqual([
      expect.stringContaining('is no IANA zone'),
    ]);
    expect(gateProblems(gate({ allow: [{ ...always, dates: ['2026-05-01'] }] }))).toEqual([
      'gate "w": it never opens.',
    ]);
    expect(gateProblems(gate({ exclude: [always] }))).toEqual(['gate "w": it never opens.']);
    expect(gateProblems(gate({ allow: null }))).toEqual(['gate "w": it needs allow or exclude.']);
    const wrong = { days: [], from: '9:00', to: '25:00', dates: ['2026-02-30'] };
    expect(gateProblems(gate({ allow: [wrong, { ...always, from: '10:00', to: '10:00' }] }))).toEqual([
      'gate "w": "9:00" is no time, such as "22:00".',
      'gate "w": "25:00" is no time, such as "22:00".',
      'gate "w": days is empty: leave it out for every day.',
      'gate "w": "2026-02-30" is no date, such as "2026-12-24".',
      'gate "w": from and to are both "10:00": leave both out for a whole day.',
    ]);
  });

  it('ask checks and webhooks that can be asked', () => {
    const check = (rule: CheckRule): GateRule => ({ name: 'c', kind: 'check', check: rule });
    expect(gateProblems(check(http()))).toEqual([]);
    expect(
      gateProblems(
        check(
          http({
            url: 'ftp://x',
            method: 'DELETE',
            expectStatus: 99,
            intervalMs: 10,
            timeoutMs: 1,
            failures: 0,
          }),
        ),
      ),
    ).toHaveLength(6);
    expect(gateProblems(check(http({ url: 'https://me:secret@x.example' })))).toEqual([
      'gate "c": url must not carry a user name or password.',
    ]);
    expect(gateProblems({ ...check(metric()), name: 'm' })).toEqual([]);
    expect(gateProblems(check(metric({ condition: 'below one', query: ' ' })))).toEqual([
      'gate "c": query is empty.',
      'gate "c": condition "below one" is no comparison with a number, such as "< 0.01".',
    ]);
    expect(
      gateProblems({ name: 'hook', kind: 'webhook', url: 'nowhere', secretName: '', expiresMs: 1 }),
    ).toHaveLength(2);
  });

  it('run Jobs that are Jobs, and name neither namespace nor ServiceAccount', () => {
    const job = (spec: object, metadata: object = {}) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { template: { spec } },
    });
    const gate = (value: unknown): GateRule => ({
      name: 'j',
      kind: 'check',
      check: { name: 'smoke', kind: 'job', job: value },
    });
    expect(gateProblems(gate(job({ containers: [{}] })))).toEqual([]);
    expect(gateProblems(gate({ kind: 'Pod' }))).toEqual([
      expect.stringContaining('must be a Kubernetes Job'),
    ]);
    expect(
      gateProblems(gate(job({ serviceAccountName: 'root' }, { namespace: 'kube-system' }))),
    ).toHaveLength(3);
  });

  it('are the only ones that a hotfix may skip, beside upstream, freeze and the approvals of waves', () => {
    const gates: GateRule[] = [{ name: 'drift', kind: 'driftFree' }];
    const waves = [wave('canary', { count: 1, approval }), wave('rest')];
    expect(problemsOf({ gates, waves, hotfixSkips: ['drift', 'upstream', 'freeze', 'wave:canary'] })).toEqual(
      [],
    );
    expect(problemsOf({ gates, waves, hotfixSkips: ['hold', 'wave:rest'] })).toHaveLength(2);
  });
});

describe('the waves of a step', () => {
  it('take every cluster in the end', () => {
    expect(
      waveProblems(
        wave('canary', { count: 1 }),
        wave('some', { percent: 25 }),
        wave('all', { percent: 100 }),
      ),
    ).toEqual([]);
    expect(waveProblems(wave('eu', { selector: 'region=eu' }), wave('rest'))).toEqual([]);
    for (const last of [{ selector: 'region=us' }, { percent: 99 }, { count: 5 }]) {
      expect(waveProblems(wave('eu', { selector: 'region=eu' }), wave('last', last))).toEqual([
        expect.stringContaining('the waves could leave clusters out'),
      ]);
    }
  });

  it('all have something left to take', () => {
    expect(waveProblems(wave('all'), wave('more'))).toEqual([
      expect.stringContaining('wave "all" takes all clusters'),
    ]);
    expect(waveProblems(wave('a', { percent: 50 }), wave('b', { percent: 50 }), wave('c'))).toEqual([
      expect.stringContaining('must rise from wave to wave'),
    ]);
  });

  it('have names, one way of choosing, and budgets that make sense', () => {
    expect(waveProblems(wave('a', { count: 0, percent: 200 }), wave('a'))).toEqual([
      'two waves have the name "a".',
      'wave "a": it takes its clusters by selector, by percent or by count, not by several.',
      'wave "a": percent must be between 1 and 100.',
      'wave "a": count must be between 1 and 1000000.',
    ]);
    expect(
      waveProblems(wave('a', { maxFailures: -1, maxFailuresPercent: 10, maxConcurrent: 0, bakeMs: -1 })),
    ).toHaveLength(4);
    expect(waveProblems(wave('a', { selector: 'region in eu' }), wave('rest'))).toEqual([
      expect.stringContaining('at character 11'),
    ]);
    expect(waveProblems(wave('a', { approval: { ...approval, count: 0 } }))).toEqual([
      'wave "a": approval: count must be between 1 and 20.',
    ]);
    expect(waveProblems(wave('a', { verification: [http(), http()] }))).toEqual([
      'wave "a": two checks have the name "answers".',
    ]);
  });
});
