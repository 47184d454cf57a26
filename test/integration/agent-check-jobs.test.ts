// The agent's side of a check that is a Job, against a simulated cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobName } from '../../agent/src/checks/check-job.ts';
import { JobRunner, type JobRunnerParts } from '../../agent/src/checks/job-runner.ts';
import { systemClock } from '../../agent/src/clock.ts';
import { connectToCluster } from '../../agent/src/kube/connect.ts';
import type { KubeClient } from '../../agent/src/kube/kube-client.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { until } from '../support/until.ts';

const place = { namespace: 'fairlead-checks', serviceAccountName: 'fairlead-check' };
const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: place.namespace };
const payload = {
  check: 'smoke',
  application: 'shop',
  environment: 'prod',
  release: 7,
  deadlineMs: 30_000,
  spec: { template: { spec: { containers: [{ name: 'smoke', image: 'smoke' }] } } },
};
const quiet = () => undefined;

let cluster: SimulatedCluster;
let folder: string;
let kube: KubeClient;

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'checks' });
  folder = mkdtempSync(join(tmpdir(), 'fairlead-check-jobs-'));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(cluster.kubeconfig), { mode: 0o600 });
  kube = await connectToCluster({ KUBECONFIG: join(folder, 'kubeconfig') }, systemClock);
  await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.namespace } });
});

afterEach(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

function runner(more: Partial<JobRunnerParts> = {}): JobRunner {
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return new JobRunner({ kube, clock: systemClock, log, place, ...more });
}

const soon = () => Date.now() + 20_000;

describe("the Job of a check on the agent's side", () => {
  it('is made in the place of checks, and its end is told', async () => {
    expect(await runner().run('one', payload, soon())).toEqual({ state: 'PASSED', message: '' });
    const made = await kube.get({ ...job, name: jobName('one') });
    expect(made).toMatchObject({
      metadata: { annotations: { 'fairlead.dev/of': 'shop/prod#7' } },
      spec: { template: { spec: { serviceAccountName: 'fairlead-check' } } },
    });
  });

  it('is found, not made again, by an agent that starts anew', async () => {
    const outcomes = await Promise.all([1, 2].map(() => runner().run('one', payload, soon())));
    expect(outcomes.map(({ state }) => state)).toEqual(['PASSED', 'PASSED']);
    const jobs = await kube.list((await kube.resolve('batch/v1', 'Job'))!, { namespace: place.namespace });
    expect(jobs.items).toHaveLength(1);
  });

  it('is an ERROR, not a failure, where it cannot be run', async () => {
    await kube.remove({ apiVersion: 'v1', kind: 'Namespace', name: place.namespace }, {});
    await until('the namespace to be gone', async () => {
      const left = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: place.namespace });
      return left === undefined;
    });
    const outcomes = [
      await runner().run('one', payload, soon()),
      await runner({ place: undefined }).run('two', payload, soon()),
      await runner().run('three', { check: 'smoke' }, soon()),
    ];
    expect(outcomes).toEqual([
      { state: 'ERROR', message: expect.stringMatching(/namespaces? "fairlead-checks" not found/) },
      { state: 'ERROR', message: expect.stringContaining('checks.enabled') },
      { state: 'ERROR', message: expect.stringContaining('upgrade') },
    ]);
  });

  it('is an ERROR where it does not end in time', async () => {
    const paused = { ...payload, spec: { ...payload.spec, suspend: true } };
    const outcome = await runner().run('slow', paused, Date.now() + 300);
    expect(outcome).toEqual({ state: 'ERROR', message: 'its Job did not end in time' });
  });
});
