import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLabelSelector, type LabelSelector } from '../../src/clusters/domain/label-selector.ts';
import type { InstanceFilter, InstancePosition } from '../../src/delivery/domain/instance.ts';
import { assignedBundlesSql, feedPagesSql } from '../../src/delivery/prisma-agent-feed-store.ts';
import { instancePageSql } from '../../src/delivery/prisma-instance-store.ts';
import { startFleet, type Fleet } from './delivery-fixture.ts';

const CLUSTERS = 1_000;
const APPLICATIONS = 40;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
  const { sql } = fleet;
  await sql(`insert into cluster (name, label_kv, kube_system_uid, public_key, join_token_id, accepted_at)
    select 'c' || n, array['env', 'env=' || case when n % 10 = 0 then 'prod' else 'dev' end], 'u' || n, 'k' || n, 0, now()
      from generate_series(1, ${CLUSTERS}) n`);
  await sql('insert into cluster_rollup (cluster_id, last_seen_at) select id, now() from cluster');
  await sql(`insert into environment (name, selector) values ('dev', 'env=dev'), ('prod', 'env=prod')`);
  await sql(`insert into policy (name) values ('p')`);
  await sql(`insert into repository (url) values ('file:///r')`);
  await sql(`insert into application (name, repository_id, path, policy_id, sync_policy)
    select 'a' || n, (select id from repository), '.', (select id from policy), '{}' from generate_series(1, ${APPLICATIONS}) n`);
  await sql(`insert into instance (tracking_id, application_id, environment_id, cluster_id, application_name, environment_name,
               release_number, bundle_digest, generation)
    select md5(random()::text), a.id, e.id, c.id, a.name, e.name, 1, 'b' || a.id, a.id
      from application a, cluster c, environment e where 'env=' || e.name = any(c.label_kv)`);
  await sql(`insert into instance_status (instance_id, cluster_id, application_id, environment_id, generation, bundle_digest,
               release_number, sync, health, content_hash, session, sequence)
    select id, cluster_id, application_id, environment_id, generation, bundle_digest, 1, 'SYNCED', 'HEALTHY', '', 1, 1 from instance`);
  await sql('analyze');
});
afterAll(() => fleet.stop());

async function planOf(text: string, values: readonly unknown[]): Promise<Plan> {
  const [row] = await fleet.sql<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  return row!['QUERY PLAN'][0]!.Plan;
}

function nodesOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Rows of `instance` that were touched to give the page. */
function instancesRead(plan: Plan): number {
  return nodesOf(plan)
    .filter((node) => node['Relation Name'] === 'instance')
    .reduce(
      (sum, node) =>
        sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)),
      0,
    );
}

function indexesOf(plan: Plan): readonly string[] {
  return nodesOf(plan).flatMap((node) => node['Index Name'] ?? []);
}

const pageSql = (filter: InstanceFilter, after?: InstancePosition) =>
  instancePageSql(filter, 51, after, new Date(Date.now() - 90_000));

describe('a page of the fleet costs a page, not the fleet', () => {
  it.each<[string, InstanceFilter]>([
    ['everything', {}],
    ['an application', { application: 'a7' }],
    ['a slot', { application: 'a7', environment: 'prod' }],
    ['a selector', { selector: parseLabelSelector('env=dev') as LabelSelector }],
  ])('of %s goes along the key of living instances', async (_, filter) => {
    const { text, values } = pageSql(filter);
    const plan = await planOf(text, values);
    expect(indexesOf(plan)).toContain('instance_living_key');
    expect(instancesRead(plan)).toBeLessThan(200);
  });

  it('is as cheap in the middle of the list as at its beginning', async () => {
    const [middle] = await fleet.sql<{ position: InstancePosition }>(
      `select array[application_id, environment_id, cluster_id] "position" from instance
        order by application_id, environment_id, cluster_id offset 20000 limit 1`,
    );
    const { text, values } = pageSql({}, middle!.position);
    expect(instancesRead(await planOf(text, values))).toBeLessThan(200);
  });

  it('of an environment goes along its own index', async () => {
    const { text, values } = pageSql({ environment: 'prod' });
    const plan = await planOf(text, values);
    expect(indexesOf(plan)).toContain('instance_environment_id_cluster_id_idx');
    expect(instancesRead(plan)).toBeLessThan(300);
  });

  it('of a cluster reads that cluster’s instances alone', async () => {
    const { text, values } = pageSql({ cluster: 'c77' });
    expect(instancesRead(await planOf(text, values))).toBeLessThanOrEqual(2 * APPLICATIONS);
  });
});

describe('an agent’s questions', () => {
  const clusterId = async (): Promise<bigint> =>
    (await fleet.sql<{ id: bigint }>(`select id from cluster where name = 'c77'`))[0]!.id;

  it('about what changed read what changed', async () => {
    // Every application's instance has its own generation here: three are beyond this one.
    const plan = await planOf(feedPagesSql, [[await clusterId()], [APPLICATIONS - 3], [2n ** 62n], [501]]);
    expect(indexesOf(plan)).toContain('instance_cluster_id_generation_idx');
    expect(instancesRead(plan)).toBeLessThanOrEqual(4);
  });

  it('whether a bundle is its own read one row', async () => {
    const plan = await planOf(assignedBundlesSql, [[await clusterId()], ['b7']]);
    expect(indexesOf(plan)).toContain('instance_bundle_digest_cluster_id_idx');
    expect(instancesRead(plan)).toBe(1);
  });
});
