import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE_REVOKED } from '@fairlead/protocol/protocol-version';
import { createJoinToken, enrol, joinCluster, openSocket, renew } from '../support/agent-client.ts';
import { clusterViews } from '../support/cluster-view.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
let db: Client;
const { cluster, kindsOf, works } = clusterViews(() => hub);
beforeAll(async () => {
  hub = await startTestHub();
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});

describe('people’s operations on clusters', () => {
  it('revoking ends credential and sockets at once, and the key renews no more', async () => {
    const agent = await enrol(hub, 'stolen');
    const socket = await openSocket(hub, agent.credential);
    const { revokeCluster } = await hub.graphql<{ revokeCluster: unknown }>(
      'mutation { revokeCluster(name: "stolen", reason: "key leaked") { cluster { connectionState } refusal { code } } }',
    );
    expect(revokeCluster).toEqual({ cluster: { connectionState: 'REVOKED' }, refusal: null });
    expect(await socket.closed).toMatchObject({ code: CLOSE_REVOKED });
    expect(await works(agent.credential)).toBe(false);
    expect((await renew(hub, agent)).refusal?.code).toBe('CLUSTER_REVOKED');
    const token = await createJoinToken(hub, { clusterName: 'stolen' });
    expect((await joinCluster(hub, token)).refusal?.code).toBe('CLUSTER_NAME_TAKEN');
  });

  it('deleting forgets a cluster and frees its name', async () => {
    const agent = await enrol(hub, 'leaving');
    const { deleteCluster } = await hub.graphql<{ deleteCluster: unknown }>(
      'mutation { deleteCluster(name: "leaving") { deleted refusal { code } } }',
    );
    expect(deleteCluster).toEqual({ deleted: true, refusal: null });
    expect(await cluster('leaving')).toBeNull();
    expect(await works(agent.credential)).toBe(false);
    expect((await renew(hub, agent)).refusal?.code).toBe('CLUSTER_UNKNOWN');
    await enrol(hub, 'leaving');
    expect(await kindsOf('leaving')).toEqual(['cluster.joined', 'cluster.deleted', 'cluster.joined']);
  });

  it('labels are replaced whole, and bad ones named all at once', async () => {
    await enrol(hub, 'labelled', { env: 'dev', old: '1' });
    const set =
      'mutation ($labels: JSON!) { setClusterLabels(name: "labelled", labels: $labels) { cluster { labels } } }';
    await hub.graphql(set, { labels: { env: 'prod' } });
    expect(await cluster('labelled')).toMatchObject({ labels: { env: 'prod' } });
    await expect(hub.graphql(set, { labels: { '-a': 'x', b: 5 } })).rejects.toThrow(/"-a".*"b"/);
    expect(await kindsOf('labelled')).toEqual(['cluster.joined', 'cluster.labelled']);
  });

  it('an unknown cluster is NOT_FOUND', async () => {
    const answer = await hub.answer('mutation { acceptCluster(name: "nowhere") { cluster { name } } }');
    expect(answer.errors?.[0]).toMatchObject({
      message: 'Cluster "nowhere" does not exist.',
      extensions: { code: 'NOT_FOUND' },
    });
  });

  it('clusters are found by selector, as Kubernetes understands it', async () => {
    await enrol(hub, 'sel-a', { sel: 'yes', region: 'eu' });
    await enrol(hub, 'sel-b', { sel: 'yes', region: 'us', edge: '' });
    await enrol(hub, 'sel-c', { sel: 'yes' });
    const names = async (selector: string) => {
      const { clusters } = await hub.graphql<{ clusters: { nodes: { name: string }[] } }>(
        'query ($selector: LabelSelector) { clusters(selector: $selector, first: 500) { nodes { name } } }',
        { selector: `sel=yes,${selector}` },
      );
      return clusters.nodes.map(({ name }) => name.slice(4)).join('');
    };
    const asked = [
      'region=eu',
      'region!=eu',
      'region in (eu,us)',
      'region notin (eu)',
      '!edge',
      'edge',
      'edge=',
      'region',
    ];
    expect(await Promise.all(asked.map(names))).toEqual(['a', 'bc', 'ab', 'bc', 'ac', 'b', 'b', 'ab']);
    await expect(names('region in eu')).rejects.toThrow(/INVALID.*at character/);
  });

  it('clusters come page by page and by connection state', async () => {
    const query =
      'query ($after: String) { clusters(connectionState: [REVOKED, NEVER_CONNECTED], first: 3, after: $after) { nodes { name connectionState } pageInfo { hasNextPage endCursor } } }';
    type Page = {
      clusters: {
        nodes: { name: string; connectionState: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more;) {
      const { clusters } = await hub.graphql<Page>(query, { after });
      expect(clusters.nodes.every(({ connectionState }) => connectionState !== 'ONLINE')).toBe(true);
      seen.push(...clusters.nodes.map(({ name }) => name));
      after = clusters.pageInfo.endCursor;
      more = clusters.pageInfo.hasNextPage;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain('stolen');
  });

  it('the selector of a page uses the label index', async () => {
    await db.query('begin');
    await db.query('set local enable_seqscan = off');
    const { rows } = await db.query<{ 'QUERY PLAN': string }>(
      `explain select c.name from cluster c where c.label_kv && '{sel=yes}'::text[]`,
    );
    await db.query('rollback');
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('cluster_label_kv_idx');
  });

  it('a change reaches subscribers whose selector matches', async () => {
    const changes = await hub.subscribe<{ clusterChanged: { name: string } }>(
      'subscription { clusterChanged(selector: "watched") { name connectionState } }',
    );
    await enrol(hub, 'unwatched');
    await enrol(hub, 'watched', { watched: '' });
    expect((await changes.next()).clusterChanged.name).toBe('watched');
    changes.stop();
  });
});

describe('join tokens', () => {
  it('are listed without their secret, the active ones apart', async () => {
    const secret = await createJoinToken(hub, { clusterName: 'listed', expiresIn: '2h' });
    const list =
      'query ($active: Boolean) { joinTokens(active: $active, first: 500) { nodes { clusterName maxUses uses expiresAt createdBy revokedAt } } }';
    const active = JSON.stringify(await hub.graphql(list, { active: true }));
    const spent = JSON.stringify(await hub.graphql(list, { active: false }));
    expect(active).toContain('"listed"');
    expect(active).not.toContain(secret);
    expect(spent).toContain('"stolen"');
    expect(spent).not.toContain('"listed"');
  });

  it('take null for what is left out', async () => {
    const { createJoinToken: made } = await hub.graphql<{ createJoinToken: { joinToken: unknown } }>(
      'mutation { createJoinToken(input: { clusterName: "nulls", maxUses: null, expiresIn: null, autoAccept: null, labels: null, replaces: null }) { joinToken { maxUses autoAccept labels replaces } } }',
    );
    expect(made.joinToken).toEqual({ maxUses: 1, autoAccept: true, labels: {}, replaces: null });
  });

  it('are for administrators', async () => {
    const { createApiToken } = await hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "op", user: "eve", role: OPERATOR }) { secret } }',
    );
    const answer = await hub.answer(
      'mutation { createJoinToken(input: { clusterName: "x" }) { secret } }',
      {},
      createApiToken.secret,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('with several mistakes name them all', async () => {
    const answer = await hub.answer(
      'mutation { createJoinToken(input: { clusterName: "Bad Name", maxUses: 0, expiresIn: "0s", labels: { x: 1 } }) { secret } }',
    );
    expect(answer.errors?.[0]?.message).toMatch(/Bad Name.*maxUses.*expiresIn.*"x"/);
  });
});
