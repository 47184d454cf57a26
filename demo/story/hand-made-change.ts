// The third chapter: somebody changes the cluster by hand, and Git wins.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import { openKube } from '../clusters/open-kube.ts';
import type { KubeApi, LiveObject } from '../kube-api.ts';
import type { WaitFor } from '../narrator.ts';
import { acceptForAWhile, tellWhoChangedWhat } from './accepted-drift.ts';
import { DEPLOYMENT, inWords, progressIn, SERVICE } from './release-progress.ts';
import type { Stage } from './stage.ts';

/** What somebody does, and how one sees that it was undone. */
interface HandMadeChange {
  readonly what: string;
  readonly object: string;
  readonly change: (kube: KubeApi) => Promise<unknown>;
  /** What the change takes away and healing brings back; compared with what was there before. */
  readonly mark: (object: LiveObject | undefined) => unknown;
}

const CHANGES: readonly HandMadeChange[] = [
  {
    what: 'scaled Deployment shop to 1',
    object: DEPLOYMENT,
    change: (kube) =>
      kube.send({
        method: 'PATCH',
        path: `${DEPLOYMENT}/scale?fieldManager=kubectl`,
        type: 'application/merge-patch+json',
        body: { spec: { replicas: 1 } },
      }),
    mark: (object) => object?.spec?.['replicas'],
  },
  {
    what: 'gave Deployment shop an image that does not exist',
    object: DEPLOYMENT,
    change: (kube) =>
      kube.send({
        method: 'PATCH',
        path: `${DEPLOYMENT}?fieldManager=kubectl-set`,
        type: 'application/strategic-merge-patch+json',
        body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'shop:broken' }] } } } },
      }),
    mark: (object) => JSON.stringify(object?.spec?.['template']).includes('shop:broken'),
  },
  {
    what: 'deleted Service shop',
    object: SERVICE,
    change: (kube) => kube.send({ method: 'DELETE', path: SERVICE }),
    mark: (object) => object !== undefined && object.metadata?.deletionTimestamp === undefined,
  },
];

const LOOK_EVERY_MS = 10;

/** Makes each change in the first prod cluster, times its healing, and sees that all is well afterwards. */
export async function changeByHand(stage: Stage): Promise<void> {
  const cluster = stage.clusters.find(({ environment }) => environment === 'prod');
  if (cluster === undefined) throw new Error('the fleet has no prod cluster');
  const kube = await openKube(cluster);
  const since = new Date();
  for (const change of CHANGES) {
    await stage.narrator.tell({
      what: `somebody ${change.what} in ${cluster.name}`,
      deadlineMs: stage.patienceMs,
      work: (waitFor) => changeAndHeal({ kube, cluster, waitFor }, change),
    });
  }
  await tellWhoChangedWhat(stage, cluster, since);
  await acceptForAWhile(stage, cluster);
  await seeThatAllIsWell(stage, cluster);
}

interface Place {
  readonly kube: KubeApi;
  readonly cluster: DemoCluster;
  readonly waitFor: WaitFor;
}

async function changeAndHeal({ kube, cluster, waitFor }: Place, change: HandMadeChange): Promise<string> {
  const before = change.mark(await kube.find(change.object));
  await change.change(kube);
  const changedAt = performance.now();
  await waitFor(async () => {
    const now = change.mark(await kube.find(change.object));
    return now === before ? { done: undefined } : { waitingOn: 'not healed' };
  }, LOOK_EVERY_MS);
  const seconds = ((performance.now() - changedAt) / 1_000).toFixed(2);
  return `somebody ${change.what} in ${cluster.name}: healed after ${seconds} s`;
}

async function seeThatAllIsWell({ api, narrator, patienceMs }: Stage, cluster: DemoCluster): Promise<void> {
  await narrator.tell({
    what: `${cluster.name} is well again`,
    deadlineMs: patienceMs,
    work: (waitFor) =>
      waitFor(async () => {
        const { instances } = await progressIn(api, cluster.environment);
        const instance = instances.find((one) => one.cluster.name === cluster.name);
        if (instance === undefined) return { waitingOn: `no instance on ${cluster.name}` };
        const { sync, health, driftCount } = instance;
        const isWell = sync === 'SYNCED' && health === 'HEALTHY' && driftCount === 0;
        if (!isWell) return { waitingOn: `${inWords(instance)}, ${driftCount} drifted` };
        return { done: `${cluster.name} is SYNCED and HEALTHY again, without drift` };
      }),
  });
}
