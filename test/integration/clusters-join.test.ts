import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJoinToken, enrol, joinCluster, newAgentKey } from '../support/agent-client.ts';
import { clusterViews } from '../support/cluster-view.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

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

const expireTokens = (clusterName: string) =>
  db.query(`update join_token set expires_at = now() - interval '1 s' where cluster_name = $1`, [
    clusterName,
  ]);

describe('a cluster that joins', () => {
  it('gets a credential, its token’s labels, and is accepted', async () => {
    const token = await createJoinToken(hub, { clusterName: 'new-1', labels: { env: 'dev' } });
    const joined = await joinCluster(hub, token);
    expect(joined).toMatchObject({ clusterName: 'new-1', accepted: true, refusal: null });
    expect(joined.credential).toMatch(/^fl_agent_/);
    expect(await cluster('new-1')).toMatchObject({
      labels: { env: 'dev' },
      connectionState: 'NEVER_CONNECTED',
      agentVersion: '0.1.0',
    });
    expect(await kindsOf('new-1')).toEqual(['cluster.joined']);
  });

  it('gets its answer again when the first was lost, though the token is used up and has expired', async () => {
    const token = await createJoinToken(hub, { clusterName: 'lost-answer' });
    const first = await joinCluster(hub, token);
    await expireTokens('lost-answer');
    const again = await joinCluster(hub, token, { key: first.key, kubeSystemUid: first.kubeSystemUid });
    expect(again).toMatchObject({ clusterId: first.clusterId, clusterName: 'lost-answer', refusal: null });
    expect(await works(again.credential ?? '')).toBe(true);
    expect(await kindsOf('lost-answer')).toEqual(['cluster.joined']);
  });

  it('gets the same answer however often it asks at one moment, and spends a single use', async () => {
    const token = await createJoinToken(hub, { clusterName: 'asked-often' });
    const self = { key: newAgentKey(), kubeSystemUid: randomUUID() };
    const joined = await Promise.all([1, 2, 3, 4].map(() => joinCluster(hub, token, self)));
    expect(joined.map(({ refusal }) => refusal)).toEqual([null, null, null, null]);
    expect(new Set(joined.map(({ clusterId }) => clusterId)).size).toBe(1);
    expect(await kindsOf('asked-often')).toEqual(['cluster.joined']);
  });

  it('waits for a person where the token says so', async () => {
    const token = await createJoinToken(hub, { clusterName: 'waiting', autoAccept: false });
    expect(await joinCluster(hub, token)).toMatchObject({ accepted: false });
    expect(await cluster('waiting')).toMatchObject({ acceptedAt: null });
    await hub.graphql(
      'mutation { acceptCluster(name: "waiting") { cluster { acceptedAt } refusal { code } } }',
    );
    expect(await cluster('waiting')).toMatchObject({ acceptedAt: expect.any(String) });
    expect(await kindsOf('waiting')).toEqual(['cluster.joined', 'cluster.accepted']);
  });

  it('is one of as many as the token’s uses, when many come at once', async () => {
    const token = await createJoinToken(hub, { clusterName: 'crowd-*', maxUses: 5 });
    const joins = Array.from({ length: 9 }, (_, index) =>
      joinCluster(hub, token, { clusterName: `crowd-${index}` }),
    );
    const codes = (await Promise.all(joins)).map(({ refusal }) => refusal?.code ?? 'joined');
    expect(codes.filter((code) => code === 'joined')).toHaveLength(5);
    expect(codes.filter((code) => code === 'JOIN_TOKEN_USED_UP')).toHaveLength(4);
  });

  it('is one of two that want one name at one moment', async () => {
    const tokens = await Promise.all([1, 2].map(() => createJoinToken(hub, { clusterName: 'contested' })));
    const joined = await Promise.all(tokens.map((token) => joinCluster(hub, token)));
    expect(joined.map(({ refusal }) => refusal?.code ?? 'joined').sort()).toEqual([
      'CLUSTER_NAME_TAKEN',
      'joined',
    ]);
  });
});

describe('a bad join', () => {
  it('with an unknown token is refused', async () => {
    expect(await joinCluster(hub, 'fl_join_guess', { clusterName: 'x' })).toMatchObject({
      credential: null,
      refusal: { code: 'JOIN_TOKEN_UNKNOWN' },
    });
  });

  it('with an expired token is refused', async () => {
    const token = await createJoinToken(hub, { clusterName: 'too-late' });
    await expireTokens('too-late');
    expect((await joinCluster(hub, token)).refusal?.code).toBe('JOIN_TOKEN_EXPIRED');
  });

  it('with a used-up token is refused', async () => {
    const token = await createJoinToken(hub, { clusterName: 'used-*' });
    await joinCluster(hub, token, { clusterName: 'used-1' });
    const second = await joinCluster(hub, token, { clusterName: 'used-2' });
    expect(second.refusal?.code).toBe('JOIN_TOKEN_USED_UP');
    expect(await cluster('used-2')).toBeNull();
  });

  it('is offered as a line to paste, with the address under which the caller found the hub', async () => {
    const { createJoinToken: made } = await hub.graphql<{
      createJoinToken: { secret: string; helmCommand: string };
    }>('mutation { createJoinToken(input: { clusterName: "pasted" }) { secret helmCommand } }');
    expect(made.helmCommand).toBe(
      'helm install fairlead-agent helm/agent --namespace fairlead-agent --create-namespace ' +
        `--set hub.url=${hub.url} --set join.token=${made.secret}`,
    );
  });

  it('with a revoked token is refused', async () => {
    const { createJoinToken: made } = await hub.graphql<{
      createJoinToken: { secret: string; joinToken: { id: string } };
    }>('mutation { createJoinToken(input: { clusterName: "never" }) { secret joinToken { id } } }');
    await hub.graphql('mutation ($id: ID!) { revokeJoinToken(id: $id) { joinToken { revokedAt } } }', {
      id: made.joinToken.id,
    });
    expect((await joinCluster(hub, made.secret)).refusal?.code).toBe('JOIN_TOKEN_REVOKED');
  });

  it('with a token that is revoked while it joins is refused, and no cluster is left', async () => {
    const token = await createJoinToken(hub, { clusterName: 'overtaken' });
    await db.query('begin');
    await db.query("update join_token set revoked_at = now() where cluster_name = 'overtaken'");
    const joining = joinCluster(hub, token);
    // It has read the token as it was, and waits for this transaction where it spends a use.
    await until('the join to come to its end', async () => {
      const { rows } = await db.query(
        'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
      );
      return rows.length > 0;
    });
    await db.query('commit');
    expect((await joining).refusal?.code).toBe('JOIN_TOKEN_REVOKED');
    expect(await kindsOf('overtaken')).toEqual([]);
    expect((await db.query("select from cluster where name = 'overtaken'")).rows).toEqual([]);
  });

  it('under a name that the token is not for is refused', async () => {
    const token = await createJoinToken(hub, { clusterName: 'mine' });
    expect((await joinCluster(hub, token, { clusterName: 'yours' })).refusal?.code).toBe(
      'CLUSTER_NAME_MISMATCH',
    );
  });

  it('without a name where the token has a pattern is refused', async () => {
    const token = await createJoinToken(hub, { clusterName: 'any-*' });
    expect((await joinCluster(hub, token)).refusal?.code).toBe('CLUSTER_NAME_REQUIRED');
  });

  it('under the name of another cluster is refused', async () => {
    await enrol(hub, 'taken');
    const token = await createJoinToken(hub, { clusterName: 'taken' });
    expect((await joinCluster(hub, token)).refusal?.code).toBe('CLUSTER_NAME_TAKEN');
  });

  it('of a known cluster with another key is refused', async () => {
    const kubeSystemUid = randomUUID();
    await joinCluster(hub, await createJoinToken(hub, { clusterName: 'two-keys' }), { kubeSystemUid });
    const token = await createJoinToken(hub, { clusterName: 'two-keys' });
    expect((await joinCluster(hub, token, { kubeSystemUid })).refusal?.code).toBe('CLUSTER_KEY_MISMATCH');
  });

  it('with something that is no key is a mistake that names it', async () => {
    const token = await createJoinToken(hub, { clusterName: 'keyless' });
    const key = { ...newAgentKey(), publicKey: 'bm8ga2V5' };
    await expect(joinCluster(hub, token, { key })).rejects.toThrow(/INVALID.*publicKey/);
  });

  it('spends no use and makes no cluster', async () => {
    const token = await createJoinToken(hub, { clusterName: 'spared-*' });
    await joinCluster(hub, token, { clusterName: 'other' });
    expect((await joinCluster(hub, token, { clusterName: 'spared-1' })).refusal).toBeNull();
  });
});
