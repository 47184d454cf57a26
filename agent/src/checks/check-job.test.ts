import { describe, expect, it } from 'vitest';
import { checkJob, jobName, outcomeOf, readJobRequest, type JobRequest } from './check-job.ts';

const place = { namespace: 'fairlead-checks', serviceAccountName: 'fairlead-check' };
const request: JobRequest = {
  check: 'smoke',
  application: 'shop',
  environment: 'prod',
  release: 7,
  spec: { template: { spec: { containers: [{ name: 'curl', image: 'curl' }] } } },
  deadlineMs: 90_000,
};
const id = '0f2d3c1a-1111-4222-8333-444455556666';

function job(conditions: readonly object[]) {
  return { ...checkJob(id, request, place), status: { conditions } };
}

describe("a check's Job", () => {
  it('runs once, in time, and is cleared away', () => {
    expect(checkJob(id, request, place)).toMatchObject({
      metadata: { name: 'fairlead-check-0f2d3c1a111142228333444455556666', namespace: 'fairlead-checks' },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 90,
        ttlSecondsAfterFinished: 3_600,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'curl' }] } },
      },
    });
  });

  it('runs as the one ServiceAccount that checks have, whatever the policy says', () => {
    const spec = {
      activeDeadlineSeconds: 1e9,
      template: { spec: { serviceAccountName: 'cluster-admin', containers: [] } },
    };
    expect(checkJob(id, { ...request, spec }, place)).toMatchObject({
      spec: { activeDeadlineSeconds: 90, template: { spec: { serviceAccountName: 'fairlead-check' } } },
    });
  });

  it('has the same name for the same instruction, and a name that Kubernetes takes', () => {
    expect(jobName(id)).toBe(jobName(id.toUpperCase()));
    expect(jobName('x'.repeat(200))).toMatch(/^[a-z0-9-]{1,63}$/);
  });

  it.each([
    [[], undefined],
    [[{ type: 'Complete', status: 'False' }], undefined],
    [[{ type: 'Suspended', status: 'True' }], undefined],
    [[{ type: 'Complete', status: 'True' }], { state: 'PASSED', message: '' }],
    [
      [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'too slow' }],
      { state: 'FAILED', message: 'DeadlineExceeded: too slow' },
    ],
    [[{ type: 'Failed', status: 'True' }], { state: 'FAILED', message: 'it failed' }],
  ])('with the conditions %j has the outcome %j', (conditions, outcome) => {
    expect(outcomeOf(job(conditions))).toEqual(outcome);
  });

  it('goes on while the API server has said nothing of it', () => {
    expect(outcomeOf(checkJob(id, request, place))).toBeUndefined();
  });

  it.each([undefined, null, [], {}, { ...request, spec: [] }, { ...request, release: '7' }])(
    'is not made of %j',
    (payload) => {
      expect(readJobRequest(payload)).toBeUndefined();
    },
  );
});
