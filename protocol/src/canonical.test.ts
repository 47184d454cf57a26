import { describe, expect, it } from 'vitest';
import { assert, jsonValue, property } from 'fast-check';
import { canonicalBundle, canonicalJson, parseBundle } from './canonical.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

const object = (name: string, extra: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...extra,
});

describe('the canonical form', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: { d: 2, c: [3, { f: 1, e: 2 }] } })).toBe(
      '{"a":{"c":[3,{"e":2,"f":1}],"d":2},"b":1}',
    );
  });

  it('keeps the order of lists, because it means something in Kubernetes', () => {
    expect(canonicalJson([2, 1])).toBe('[2,1]');
  });

  it('does not depend on the order of objects', () => {
    const [a, b] = [object('a'), object('b')];
    expect(canonicalBundle([b, a])).toBe(canonicalBundle([a, b]));
  });

  it('survives a round trip', () => {
    const bundle = [object('a', { data: { k: 'line\nbreak' } }), object('b')];
    expect(parseBundle(canonicalBundle(bundle))).toEqual(bundle);
  });

  it('is a fixed point for any JSON', () => {
    assert(
      property(jsonValue(), (value) => {
        const once = canonicalJson(value);
        expect(canonicalJson(JSON.parse(once))).toBe(once);
      }),
    );
  });
});
