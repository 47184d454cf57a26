import { parseDocument } from 'yaml';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { describe, expect, it } from 'vitest';
import { bundleChanges, ChangeGroups } from './bundle-changes.ts';
import { lineDiff } from './line-diff.ts';
import { yamlLines } from './object-text.ts';

const settings = (data: Record<string, string>, name = 'settings'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const secret = (data: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys' },
  data,
});

describe('what a release changes', () => {
  it('is told object by object, with the lines that differ', () => {
    const changes = bundleChanges(
      [settings({ a: '1', b: '2' }), settings({}, 'gone')],
      [settings({ a: '1', b: '3' }), settings({ x: 'y' }, 'new')],
    );
    expect(changes.map(({ object, change, diff }) => [object.name, change, diff])).toEqual([
      ['gone', 'DELETED', '-apiVersion: v1\n-kind: ConfigMap\n-metadata:\n-  name: gone\n-data: {}'],
      ['new', 'CREATED', '+apiVersion: v1\n+kind: ConfigMap\n+metadata:\n+  name: new\n+data:\n+  x: "y"'],
      ['settings', 'CONFIGURED', '@@\n   name: settings\n data:\n   a: "1"\n-  b: "2"\n+  b: "3"'],
    ]);
  });

  it('is nothing for the same objects', () => {
    expect(bundleChanges([settings({ a: '1' })], [settings({ a: '1' })])).toEqual([]);
  });

  it('names the values of a Secret that change, and shows none', () => {
    const changes = bundleChanges(
      [secret({ same: 'aHVudGVyMg==', other: 'aHVudGVyMg==', gone: 'aHVudGVyMg==' })],
      [secret({ same: 'aHVudGVyMg==', other: 'c3dvcmRmaXNo', fresh: 'c3dvcmRmaXNo' })],
    );
    expect(changes).toHaveLength(1);
    expect(changes[0]?.diff).toMatch(/-  other: "••••••"\n/);
    expect(changes[0]?.diff).toMatch(/\+  other: "•••••• \(changed\)"/);
    expect(changes[0]?.diff).toMatch(/\+  fresh: "••••••"/);
    expect(changes[0]?.diff).toMatch(/-  gone:/);
    expect(changes[0]?.diff).not.toMatch(/aHVudGVyMg|c3dvcmRmaXNo/);
  });

  it('says of no secret value that it changed where it only moved', () => {
    const [change] = bundleChanges([secret({ a: 'MQ==', b: 'Mg==' })], [secret({ b: 'Mg==', a: 'MQ==' })]);
    expect(change?.diff).toMatch(/^\+ {2}[ab]: "••••••"$/m);
    expect(change?.diff).not.toContain('changed');
  });

  it('says that two secret values of a list changed where they changed places', () => {
    const pod = (...values: readonly string[]): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: {
        containers: [{ name: 'web', env: values.map((value, n) => ({ name: `PASSWORD_${n}`, value })) }],
      },
    });
    const [change] = bundleChanges([pod('hunter2', 'swordfish')], [pod('swordfish', 'hunter2')]);
    expect(change?.diff).toMatch(/^\+ +value: "•••••• \(changed\)"$/m);
    expect(change?.diff).not.toMatch(/hunter2|swordfish/);
  });

  it('shows no secret value that stands in another object, and yet that it changes', () => {
    const pod = (password: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', env: [{ name: 'DB_PASSWORD', value: password }] }] },
    });
    const [change] = bundleChanges(
      [pod('hunter2'), settings({ api_token: 'hunter2' })],
      [pod('swordfish'), settings({ api_token: 'hunter2' })],
    );
    expect(change?.diff).toMatch(/\n- +value: "••••••"\n\+ +value: "•••••• \(changed\)"$/);
    expect(change?.diff).not.toMatch(/hunter2|swordfish/);
    const [created] = bundleChanges([], [settings({ api_token: 'hunter2', colour: 'red' })]);
    expect(created?.diff).toMatch(/\+ {2}api_token: "••••••"\n\+ {2}colour: red$/);
  });

  it('is cut where it is endless', () => {
    const text = Array.from({ length: 3_000 }, (_, n) => `line ${n}`).join('\n');
    const [change] = bundleChanges([], [settings({ text })]);
    expect(change?.diff.length).toBeLessThan(20_100);
    expect(change?.diff).toMatch(/… \d+ characters more$/);
  });
});

describe('the same change in several clusters', () => {
  it('is one entry that counts them', () => {
    const groups = new ChangeGroups();
    const before = [settings({ v: '1' })];
    groups.add(bundleChanges(before, [settings({ v: '2' })]), 3);
    groups.add(bundleChanges(before, [settings({ v: '2' }), settings({}, 'a')]), 4);
    groups.add(bundleChanges(before, [settings({ v: '3' })]), 1);
    expect(groups.sorted().map(({ object, change, clusters }) => [object.name, change, clusters])).toEqual([
      ['a', 'CREATED', 4],
      ['settings', 'CONFIGURED', 7],
      ['settings', 'CONFIGURED', 1],
    ]);
  });
});

describe('a difference of lines', () => {
  it.each([
    ['abc', 'abc', ''],
    ['', 'ab', '+a +b'],
    ['ab', '', '-a -b'],
    ['abcd', 'acxd', ' a -b  c +x  d'],
    ['aXbYc', 'abc', ' a -X  b -Y  c'],
  ])('from %s to %s is "%s"', (before, after, diff) => {
    expect(lineDiff(before.split(''), after.split('')).join(' ')).toBe(diff);
  });

  it('shows three lines around what differs, and where parts lie apart', () => {
    const before = 'abcdefghijklmnop'.split('');
    const after = before.with(1, 'B').with(14, 'O');
    expect(lineDiff(before, after)).toEqual([
      ' a',
      '-b',
      '+B',
      ' c',
      ' d',
      ' e',
      '@@',
      ' l',
      ' m',
      ' n',
      '-o',
      '+O',
      ' p',
    ]);
  });

  it('is as long as both where they are too long to be compared', () => {
    const lines = (mark: string): string[] => Array.from({ length: 2_100 }, (_, n) => `${mark}${n}`);
    expect(lineDiff(lines('a'), lines('b'))).toHaveLength(4_200);
  });

  it('leads from the one to the other, for any two', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let n = 0; n < 500; n++) {
      const some = (): string[] => Array.from({ length: random(12) }, () => 'abc'[random(3)]!);
      const [before, after] = [some(), some()];
      const diff = lineDiff(['^', ...before], ['^', ...after]).filter((line) => line !== '@@');
      if (diff.length === 0) expect(after).toEqual(before);
      // Twelve lines at most, so nearly all is shown; what is not is the same at both ends.
      const part = (mark: string): string[] =>
        diff.filter((line) => line.startsWith(' ') || line.startsWith(mark)).map((line) => line.slice(1));
      expect(['^', ...before].join('')).toContain(part('-').join(''));
      expect(['^', ...after].join('')).toContain(part('+').join(''));
    }
  });
});

describe('an object as YAML', () => {
  it.each([
    [{ a: 1, b: [1, 'two', null], c: {}, d: [], e: true }],
    [{ list: [{ name: 'x', args: ['-a', '--b=c'] }, [1, [2]], {}] }],
    [{ yes: 'no', on: 'off', n: 'null', t: 'true', num: '1', float: '1.5', date: '2026-01-01' }],
    [
      {
        text: 'one\ntwo\n',
        raw: 'one\ntwo',
        gaps: 'a\n\nb\n',
        space: ' lead',
        tab: 'a\n\tb',
        colon: 'a: b',
        hash: 'a #b',
      },
    ],
    [{ list: ['one\ntwo', 'one\ntwo\n'], 'odd key: ': { '': '' } }],
    [
      {
        url: 'http://x:80/?a=b&c',
        at: 'nginx:1.27@sha256:abc',
        star: '*',
        brace: '{a}',
        dash: '-',
        quote: '"q"',
      },
    ],
    [{ trailing: 'a\n\n', only: '\n', end: 'x:' }],
  ])('reads back as what it was: %j', (value) => {
    const document = parseDocument(yamlLines(value).join('\n'));
    expect(document.errors).toEqual([]);
    expect(document.toJS()).toEqual(value);
  });
});
