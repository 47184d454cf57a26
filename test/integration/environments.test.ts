import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJoinToken, enrol, joinCluster } from '../support/agent-client.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
let db: Client;
beforeAll(async () => {
  hub = await startTestHub();
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});

const save = (name: string, selector: string) =>
  hub.graphql<{
    saveEnvironment: { environment: { name: string; selector: string } | null; refusal: unknown };
  }>(
    'mutation ($input: EnvironmentInput!) { saveEnvironment(input: $input) { environment { name selector } refusal { code } } }',
    { input: { name, selector } },
  );

async function members(name: string): Promise<string[]> {
  const { environment } = await hub.graphql<{ environment: { clusters: { nodes: { name: string }[] } } }>(
    'query ($name: String!) { environment(name: $name) { clusters(first: 500) { nodes { name connectionState } } } }',
    { name },
  );
  return environment.clusters.nodes.map((cluster) => cluster.name);
}

const label = (name: string, labels: Record<string, string>) =>
  hub.graphql(
    'mutation ($name: String!, $labels: JSON!) { setClusterLabels(name: $name, labels: $labels) { cluster { name } } }',
    { name, labels },
  );

describe('an environment', () => {
  it('has the clusters that its selector matches, those that join later included', async () => {
    await enrol(hub, 'a1', { team: 'a', size: 'big' });
    await save('team-a', 'team=a');
    await enrol(hub, 'a2', { team: 'a' });
    await enrol(hub, 'b1', { team: 'b' });
    expect(await members('team-a')).toEqual(['a1', 'a2']);
  });

  it('follows its selector', async () => {
    await save('team-a', 'team=a,!size');
    expect(await members('team-a')).toEqual(['a2']);
    await save('team-a', 'team in (a,b)');
    expect(await members('team-a')).toEqual(['a1', 'a2', 'b1']);
  });

  it('follows the labels of clusters', async () => {
    await save('gold', 'tier=gold');
    await label('b1', { tier: 'gold' });
    expect(await members('gold')).toEqual(['b1']);
    await label('b1', { tier: 'tin' });
    expect(await members('gold')).toEqual([]);
  });

  it('has no cluster that waits for acceptance, was revoked or deleted', async () => {
    await save('mixed', 'mixed');
    const token = await createJoinToken(hub, {
      clusterName: 'm-waits',
      labels: { mixed: '' },
      autoAccept: false,
    });
    await joinCluster(hub, token);
    await enrol(hub, 'm-revoked', { mixed: '' });
    await enrol(hub, 'm-deleted', { mixed: '' });
    expect(await members('mixed')).toEqual(['m-deleted', 'm-revoked']);
    await hub.graphql(
      'mutation { revokeCluster(name: "m-revoked", reason: "test") { cluster { name } } deleteCluster(name: "m-deleted") { deleted } acceptCluster(name: "m-waits") { cluster { name } } }',
    );
    expect(await members('mixed')).toEqual(['m-waits']);
  });

  it('and labels that change at one moment never miss each other', async () => {
    await enrol(hub, 'race', { race: 'no' });
    for (let round = 0; round < 10; round++) {
      await save('racing', 'race=never');
      await label('race', { race: 'no' });
      await Promise.all([save('racing', 'race=yes'), label('race', { race: 'yes' })]);
      expect(await members('racing')).toEqual(['race']);
    }
  });

  it('saved again as it is changes nothing and tells nothing', async () => {
    await save('same', 'x=1');
    await save('same', 'x=1');
    const { rows } = await db.query(`select from event where environment = 'same'`);
    expect(rows).toHaveLength(1);
  });

  it('with a mistyped selector is refused with the place of the mistake', async () => {
    const answer = await hub.answer(
      'mutation { saveEnvironment(input: { name: "Bad", selector: "env=prod,region in eu" }) { environment { name } } }',
    );
    expect(answer.errors?.[0]).toMatchObject({
      extensions: { code: 'INVALID' },
      message: expect.stringMatching(/"Bad".*at character 20/),
    });
  });

  it('is deleted with its membership', async () => {
    await save('gone', 'team');
    const { deleteEnvironment } = await hub.graphql<{ deleteEnvironment: unknown }>(
      'mutation { deleteEnvironment(name: "gone") { deleted refusal { code } } }',
    );
    expect(deleteEnvironment).toEqual({ deleted: true, refusal: null });
    expect(await hub.graphql('{ environment(name: "gone") { name } }')).toEqual({ environment: null });
    expect(await hub.answer('mutation { deleteEnvironment(name: "gone") { deleted } }')).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('needs an administrator to change it', async () => {
    const { createApiToken } = await hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "op", user: "eve", role: OPERATOR }) { secret } }',
    );
    const answer = await hub.answer(
      'mutation { saveEnvironment(input: { name: "x", selector: "" }) { environment { name } } }',
      {},
      createApiToken.secret,
    );
    expect(answer.errors?.[0]?.message).toContain('needs the role ADMIN');
  });

  it('lists come by name, each with its own clusters', async () => {
    const { environments } = await hub.graphql<{
      environments: { nodes: { name: string; clusters: { nodes: { name: string }[] } }[] };
    }>('{ environments { nodes { name clusters { nodes { name } } } } }');
    const names = environments.nodes.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    const teamA = environments.nodes.find(({ name }) => name === 'team-a');
    expect(teamA?.clusters.nodes.map(({ name }) => name)).toEqual(['a1', 'a2']);
  });
});
