// A hub with three clusters and two applications, whose agents have reported some drift.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';
import { assignRelease, reportOf, seedFleet, startFleet, type Fleet } from './delivery-fixture.ts';
import { reported } from './drift-fixture.ts';

/** An assignment as its agent gets it. */
export interface Assigned {
  readonly instance: string;
  readonly application: string;
  readonly bundle: string;
  readonly generation: number;
  readonly syncPolicy: {
    readonly exceptions: readonly {
      readonly id: string;
      readonly path: string | null;
      readonly until: string;
    }[];
  };
}

interface Pulled {
  readonly assignments: readonly Assigned[];
  readonly instructions: readonly { readonly id: string; readonly kind: string; readonly payload: unknown }[];
}

/** Two of one region, one of another. */
export const clusters = ['eu-1', 'eu-2', 'us-1'] as const;
export type ClusterName = (typeof clusters)[number];

/** An item as these tests ask for it. */
export interface Item {
  readonly id: string;
  readonly path: string | null;
  readonly manager: string | null;
  readonly managerClass: string;
  readonly stale: boolean;
  readonly object: { readonly kind: string; readonly name: string };
  readonly exception: { readonly id: string; readonly reason: string } | null;
  readonly instance: {
    readonly application: { readonly name: string };
    readonly cluster: { readonly name: string };
  };
}

export interface ItemPage {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The hub, its database, its agents and its questions. */
export interface DriftHub {
  readonly hub: TestHub;
  readonly fleet: Fleet;
  pull(cluster: ClusterName): Promise<Pulled>;
  report(cluster: ClusterName, application: string, drift: readonly ReportedDrift[]): Promise<void>;
  items(filter?: object, page?: object): Promise<ItemPage>;
  /** In the order of the alphabet. */
  paths(filter: object): Promise<readonly (string | null)[]>;
  stop(): Promise<void>;
}

export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const PULL = `{ assignments(since: 0, first: 50) {
  assignments { instance application bundle generation syncPolicy { exceptions { id path until } } }
  instructions { id kind payload } } }`;
const REPORT = 'mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts } }';
const ITEMS = `query ($filter: DriftFilter, $first: Int, $after: String, $orderBy: DriftOrder) {
  driftItems(filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
    nodes { id path manager managerClass stale object { kind name } exception { id reason }
            instance { application { name } cluster { name } } }
    pageInfo { hasNextPage endCursor } } }`;

/** Started, joined, assigned and reported. */
export async function startDriftHub(): Promise<DriftHub> {
  const hub = await startTestHub();
  const fleet = await startFleet(hub.databaseUrl);
  const agents = new Map<string, Agent>();
  for (const name of clusters) agents.set(name, await joinAgent(hub, name));
  await assignAll(fleet);
  let sequence = 0;
  const pull = async (name: ClusterName): Promise<Pulled> =>
    (await hub.graphql<{ assignments: Pulled }>(PULL, {}, agents.get(name)!.credential)).assignments;
  const report: DriftHub['report'] = async (name, application, drift) => {
    const { assignments } = await pull(name);
    const each = assignments.find((assigned) => assigned.application === application)!;
    const row = {
      tracking_id: each.instance,
      generation: BigInt(each.generation),
      bundle_digest: each.bundle,
    };
    const driftCount = drift.filter(({ closedAt, excepted }) => !closedAt && !excepted).length;
    const said = reportOf(row, { driftCount });
    sequence += 1;
    const instances = [{ ...said, drift, contentHash: `${said.contentHash}${sequence}` }];
    const { session, credential } = agents.get(name)!;
    await hub.graphql(
      REPORT,
      { batch: { session, sequence, sentAt: new Date().toISOString(), instances } },
      credential,
    );
  };
  const items = async (filter: object = {}, page: object = {}): Promise<ItemPage> =>
    (await hub.graphql<{ driftItems: ItemPage }>(ITEMS, { filter, ...page })).driftItems;
  await reportSome(report);
  return {
    hub,
    fleet,
    pull,
    report,
    items,
    paths: async (filter) => (await items(filter)).nodes.map(({ path }) => path).toSorted(byText),
    stop: async () => {
      await fleet.stop();
      await hub.stop();
    },
  };
}

async function assignAll(fleet: Fleet): Promise<void> {
  const base = await seedFleet(fleet, {
    clusters: {},
    environments: ['dev'],
    applications: ['shop', 'blog'],
  });
  await fleet.sql(
    `update cluster set labels = labels || jsonb_build_object('region', left(name, 2)),
            label_kv = label_kv || array['region', 'region=' || left(name, 2)]`,
  );
  const rows = await fleet.sql<{ id: bigint; name: string }>('select id, name from cluster');
  const seeded = { ...base, clusterIds: new Map(rows.map(({ id, name }) => [name, id])) };
  await fleet.follow({
    applicationIds: [...seeded.applicationIds.values()],
    environmentIds: [...seeded.environmentIds.values()],
  });
  for (const application of ['shop', 'blog']) {
    await assignRelease(fleet, seeded, {
      application,
      environment: 'dev',
      number: 1,
      clusters: [...clusters],
    });
  }
}

async function reportSome(report: DriftHub['report']): Promise<void> {
  await report('eu-1', 'shop', [
    reported({ path: 'spec.replicas', firstSeenAt: ago(300) }),
    reported({
      path: 'spec.paused',
      manager: 'helm',
      managerClass: 'GITOPS',
      firstSeenAt: ago(30),
      contested: true,
    }),
  ]);
  await report('eu-2', 'shop', [
    reported({ path: 'data.key', kind: 'ConfigMap', name: 'settings', firstSeenAt: ago(20) }),
  ]);
  await report('us-1', 'blog', [
    reported({ path: 'spec.replicas', name: 'blog', type: 'EXTRA', firstSeenAt: ago(10) }),
  ]);
}

function byText(a: string | null, b: string | null): number {
  return (a ?? '').localeCompare(b ?? '');
}
