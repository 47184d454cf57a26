import { describe, expect, it } from 'vitest';
import type { ApplicationRequest, ApplicationSource, SyncPolicy } from './application.ts';
import { applicationProblems } from './application-problems.ts';

const syncPolicy: SyncPolicy = {
  prune: true,
  drift: 'HEAL',
  environments: [],
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
};
const around = {
  fileRepositories: 'ANY',
  policyExists: true,
  unknownEnvironments: [],
  healthRuleProblems: [],
} as const;

function request(
  source: Partial<ApplicationSource> = {},
  change: Partial<ApplicationRequest> = {},
): ApplicationRequest {
  const whole = {
    repository: 'https://h/r',
    ref: 'HEAD',
    path: 'app',
    renderer: 'AUTO',
    helm: null,
    ...source,
  } as const;
  const plain = { name: 'shop', namespace: null, serviceAccountName: null, policy: 'standard' };
  return { ...plain, syncPolicy, source: whole, healthRules: null, ...change };
}

describe('an application', () => {
  it('is good with little', () => expect(applicationProblems(request(), around)).toEqual([]));

  it('has all its problems named at once', () => {
    const bad = request(
      { repository: 'nowhere', ref: '-x', path: '{{nothing}}' },
      {
        name: 'Bad',
        namespace: 'Not',
        serviceAccountName: 'system:admin',
        syncPolicy: { ...syncPolicy, pruneLimitPercent: 101, ignore: [{}] },
      },
    );
    const problems = applicationProblems(bad, {
      ...around,
      policyExists: false,
      unknownEnvironments: ['qa'],
      healthRuleProblems: ['rules[0].current: must be an expression as text'],
    });
    expect(problems).toHaveLength(11);
  });

  it.each(['/etc', '', 'a\\b'])('refuses the path %j', (path) => {
    expect(applicationProblems(request({ path }), around)).toHaveLength(1);
  });

  it('takes Helm settings only where they mean something', () => {
    const helm = {
      releaseName: null,
      valueFiles: ['values-{{environment}}.yaml', '/shared.yaml'],
      values: { a: 1 },
    };
    expect(applicationProblems(request({ helm }), around)).toEqual([]);
    expect(applicationProblems(request({ helm, renderer: 'PLAIN' }), around)).toEqual([
      'helm has no meaning for PLAIN.',
    ]);
    expect(applicationProblems(request({ helm: { ...helm, values: [] } }), around)).toEqual([
      'helm.values must be an object.',
    ]);
  });
});
