import { describe, expect, it } from 'vitest';
import {
  concernsInstance,
  exceptionProblems,
  exceptionsFor,
  scopeText,
  type DriftException,
  type ExceptionScope,
} from './exception.ts';

const now = new Date('2026-05-01T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const nothing: ExceptionScope = {
  application: '',
  environment: '',
  cluster: '',
  selector: '',
  objectKind: '',
  namespace: '',
  name: '',
  path: '',
  manager: '',
};
const scope = (change: Partial<ExceptionScope>): ExceptionScope => ({ ...nothing, ...change });
const instance = {
  application: 'shop',
  environment: 'prod',
  cluster: 'eu-1',
  labels: { env: 'prod', region: 'eu' },
};

describe('a wish to accept drift', () => {
  it('is fine with a reason, an end, and something named', () => {
    expect(exceptionProblems(scope({ application: 'shop' }), 'incident 12', hours(4), now)).toEqual([]);
  });

  it('is refused with every problem at once', () => {
    const problems = exceptionProblems(nothing, ' ', hours(-1), now);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['filter', 'reason', 'until']);
  });

  it('is refused for ever: such a thing belongs into the release', () => {
    expect(exceptionProblems(scope({ name: 'web' }), 'why not', hours(24 * 400), now)).toHaveLength(1);
  });
});

describe('an exception', () => {
  it('concerns an instance where names and labels agree', () => {
    expect(concernsInstance(scope({ application: 'shop', selector: 'region in (eu,us)' }), instance)).toBe(
      true,
    );
    expect(concernsInstance(scope({ application: 'blog' }), instance)).toBe(false);
    expect(concernsInstance(scope({ application: 'shop', selector: '!region' }), instance)).toBe(false);
    expect(concernsInstance(scope({ cluster: 'eu-2' }), instance)).toBe(false);
  });

  it('goes to the agent with what it names, while it is in force', () => {
    const stored: DriftException = {
      ...scope({ application: 'shop', objectKind: 'Deployment', path: 'spec.replicas' }),
      id: 4n,
      reason: 'load test',
      createdBy: 'ann',
      createdAt: now,
      until: hours(2),
      endedAt: null,
    };
    const all = [
      { ...stored, publicId: 'x4' },
      { ...stored, id: 3n, publicId: 'x3', endedAt: now },
      { ...stored, id: 2n, publicId: 'x2', application: 'blog' },
    ];
    expect(exceptionsFor(instance, all)).toEqual([
      { id: 'x4', objectKind: 'Deployment', path: 'spec.replicas', until: hours(2).toISOString() },
    ]);
  });

  it('is told in words', () => {
    expect(
      scopeText(
        scope({
          application: 'shop',
          environment: 'prod',
          objectKind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          path: 'spec.replicas',
        }),
      ),
    ).toBe('Deployment shop/web spec.replicas of shop in prod');
    expect(scopeText(scope({ cluster: 'eu-1', manager: 'kubectl' }))).toBe('any object on eu-1 by kubectl');
  });
});
