import type { UserRule } from '@fairlead/health/user-rules/user-rule';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../clock.ts';
import type { LogFields } from '../log.ts';
import { HealthJudge } from './health-judge.ts';

const says = (word: string, kinds: '*' | string[] = ['Order']): UserRule => ({
  group: 'shop.example',
  kinds,
  cases: [{ when: { field: 'kind', exists: true }, health: 'DEGRADED', reason: word }],
});
const order = (instance: string, status: object = {}, kind = 'Order'): KubernetesObject => ({
  apiVersion: 'shop.example/v1',
  kind,
  metadata: { name: 'o', labels: { 'fairlead.dev/instance': instance } },
  status,
});

function newJudge() {
  const time = { nowMs: 1_000_000 };
  const timers: { readonly delayMs: number; readonly run: () => void }[] = [];
  const after: Clock['after'] = (delayMs, run) => {
    timers.push({ delayMs, run });
    return () => undefined;
  };
  const clock: Clock = { now: () => time.nowMs, after };
  const lines: (LogFields | undefined)[] = [];
  const note = (_message: string, fields?: LogFields): void => void lines.push(fields);
  const waiting: (() => void)[] = [];
  const times = { changed: 0 };
  const onChange = (): void => {
    times.changed += 1;
    waiting.splice(0).forEach((resolve) => resolve());
  };
  const judge = new HealthJudge({
    clock,
    log: { debug: note, info: note, warn: note, error: note },
    onChange,
  });
  const changed = () => new Promise<void>((resolve) => waiting.push(resolve));
  const reason = (object: KubernetesObject) => judge.judge(object, {}).health.reason;
  return { judge, changed, reason, lines, time, times, timers };
}

describe('an object is judged', () => {
  it("by its application's rules, then the hub's, then those that everybody has", async () => {
    const { judge, changed, reason } = newJudge();
    const ofHub = changed();
    judge.setRulesOfHub([says('OfHub')]);
    await ofHub;
    const ofApplication = changed();
    // However general: it is the nearest in whose it is, not in what it names.
    judge.setRulesOfInstance('a', [says('OfApplication', '*')]);
    await ofApplication;
    expect([reason(order('a')), reason(order('b')), reason(order('b', {}, 'Parcel'))]).toEqual([
      'OfApplication',
      'OfHub',
      'Exists',
    ]);
  });

  it('UNKNOWN while its rules are read: not by others, for not even a moment', async () => {
    const { judge, changed, reason } = newJudge();
    const ready = changed();
    judge.setRulesOfHub([{ group: 'shop.example', kinds: ['Order'], current: 'true' }]);
    expect(reason(order('a'))).toBe('RuleNotReady');
    await ready;
    expect(reason(order('a'))).toBe('Current');
  });

  it('by the others again once rules are taken back', async () => {
    const { judge, changed, reason } = newJudge();
    const ready = changed();
    judge.setRulesOfInstance('a', [says('OfApplication')]);
    await ready;
    const gone = changed();
    judge.setRulesOfInstance('a', []);
    await gone;
    expect(reason(order('a'))).toBe('Exists');
  });

  it('by the rules that were given last, however long older ones take', async () => {
    const { judge, reason, times } = newJudge();
    judge.setRulesOfHub([{ group: 'shop.example', kinds: ['Order'], current: 'true' }]);
    judge.setRulesOfHub([says('Newest')]);
    await vi.waitFor(() => expect(times.changed).toBe(2));
    expect(reason(order('a'))).toBe('Newest');
  });
});

describe('a rule for Secrets', () => {
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', labels: { 'fairlead.dev/instance': 'a' } },
    data: { token: 'c3dvcmRmaXNo' },
  };

  it.each<[string, Partial<UserRule>]>([
    ['quotes', { cases: [{ field: 'data.token', means: { '*': 'DEGRADED' }, detail: 'data.token' }] }],
    ['tells by its verdict', { current: "self.data.token.startsWith('c3')" }],
  ])('sees no value, so that it %s none', async (_, rule) => {
    const { judge, changed } = newJudge();
    const ready = changed();
    judge.setRulesOfHub([{ group: '', kinds: ['Secret'], ...rule }]);
    await ready;
    const { health } = judge.judge(secret, {});
    expect(health.message).not.toContain('c3dvcmRmaXNo');
    expect(['DEGRADED', 'PROGRESSING']).toContain(health.health);
  });
});

describe('a hostile rule', () => {
  const hostile: UserRule = {
    group: 'shop.example',
    kinds: ['Order'],
    current: '[self.status.l.filter(a, a < 900)].all(x, x.all(p, x.all(q, x.all(r, true))))',
  };
  const big = { l: Array.from({ length: 20_000 }, (_, index) => index) };

  it('cannot stall the agent on however many objects: it rests, and others are judged as before', async () => {
    const { judge, changed, reason, lines } = newJudge();
    const [ofA, ofB] = [changed(), changed()];
    judge.setRulesOfInstance('a', [hostile], { application: 'shop', environment: 'dev' });
    await ofA;
    judge.setRulesOfInstance('b', [says('Fine')]);
    await ofB;
    const startedMs = performance.now();
    const reasons = Array.from({ length: 5_000 }, () => reason(order('a', big)));
    // Without a share of the time this takes more than a minute.
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    expect([reasons[0], reasons.at(-1)]).toEqual(['RuleFailed', 'RuleTooCostly']);
    expect(lines).toMatchObject([{ application: 'shop', environment: 'dev', kind: 'Order' }]);
    expect(reason(order('b', big))).toBe('Fine');
  });

  it('gets one share of the time for its application, however many instances that has here', async () => {
    const { judge, changed, reason, times } = newJudge();
    const ready = changed();
    judge.setRulesOfInstance('a', [hostile], { application: 'shop', environment: 'dev' });
    await ready;
    judge.setRulesOfInstance('b', [hostile], { application: 'shop', environment: 'qa' });
    // What was judged before without the rule is looked at, though nothing had to be read.
    expect([times.changed, judge.isOutdated(undefined, order('b'), 'b')]).toEqual([2, true]);
    while (reason(order('a', big)) !== 'RuleTooCostly') continue;
    expect(reason(order('b', big))).toBe('RuleTooCostly');
    judge.setRulesOfInstance('a', undefined);
    expect([reason(order('a', big)), reason(order('b', big))]).toEqual(['Exists', 'RuleTooCostly']);
  });

  it('is asked again after its rest, and what it was to judge is outdated then and not before', async () => {
    const { judge, changed, reason, time, times, timers } = newJudge();
    const ready = changed();
    judge.setRulesOfInstance('a', [hostile]);
    await ready;
    while (reason(order('a', big)) !== 'RuleTooCostly') continue;
    const { rule } = judge.judge(order('a', big), {});
    expect(judge.isOutdated(rule, order('a'), 'a')).toBe(false);
    const early = timers.shift();
    time.nowMs += (early?.delayMs ?? 0) - 1;
    early?.run();
    expect(times.changed).toBe(1);
    const [timer] = timers;
    time.nowMs += timer?.delayMs ?? 0;
    timer?.run();
    expect([times.changed, judge.isOutdated(rule, order('a'), 'a')]).toEqual([2, true]);
    expect(reason(order('a', big))).toBe('RuleFailed');
  });
});
