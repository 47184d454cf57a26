import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeId } from '../../src/platform/graphql/opaque-id.ts';
import { startTestHub, type Subscribed, type TestHub } from '../support/hub.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';

/** Shorter than the half minute after which a hub asks by itself. */
const AT_ONCE = { timeoutMs: 5_000 };

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly role: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

const fields = 'id name user role emails createdAt expiresAt lastUsedAt revokedAt';

async function createToken(input: Record<string, unknown>): Promise<{ apiToken: ApiToken; secret: string }> {
  const data = await hub.graphql<{ createApiToken: { apiToken: ApiToken; secret: string } }>(
    `mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { apiToken { ${fields} } secret refusal { code } } }`,
    { input: { name: 'laptop', user: 'ada', role: 'VIEWER', ...input } },
  );
  return data.createApiToken;
}

/** The close event of a subscription's socket; events before it are passed over. */
const closeOf = (events: Subscribed<unknown>) =>
  (async () => {
    for (;;) await events.next();
  })().catch((close: unknown) => close);

const revoke = (id: string) =>
  hub.graphql('mutation ($id: ID!) { revokeApiToken(id: $id) { apiToken { revokedAt } } }', { id });

describe('an API token', () => {
  it('speaks for its user with its role', async () => {
    const { secret } = await createToken({ role: 'OPERATOR', emails: ['ada@example.com'] });
    const { viewer } = await hub.graphql('{ viewer { name user role } }', {}, secret);
    expect(viewer).toEqual({ name: 'laptop', user: 'ada', role: 'OPERATOR' });
    expect(secret).toMatch(/^fl_user_[\w-]{43}$/);
  });

  it('is worth nothing once it is revoked, also where it was used a moment ago', async () => {
    const { apiToken, secret } = await createToken({});
    await hub.graphql('{ viewer { user } }', {}, secret);
    await revoke(apiToken.id);
    const rejected = await until('the revoked token to be refused', async () => {
      const answer = await hub.answer('{ viewer { user } }', {}, secret);
      return answer.status === 401 ? answer : undefined;
    });
    expect(rejected.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('closes the subscriptions that it opened when it is revoked', async () => {
    const { apiToken, secret } = await createToken({});
    const events = await hub.subscribe('subscription { activity { kind } }', {}, secret);
    const closed = closeOf(events);
    await revoke(apiToken.id);
    expect(await closed).toMatchObject({ code: 4401, reason: 'the token was revoked' });
    events.stop();
  });

  it('is listed without its secret, newest first, page by page', async () => {
    const { secret } = await createToken({ name: 'older' });
    const newest = await createToken({ name: 'newest' });
    const list = `query ($first: Int, $after: String) { apiTokens(first: $first, after: $after) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`;
    type Page = {
      apiTokens: { edges: { node: ApiToken }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    const one = await hub.graphql<Page>(list, { first: 1 });
    const two = await hub.graphql<Page>(list, { first: 1, after: one.apiTokens.pageInfo.endCursor });
    expect(one.apiTokens.edges[0]?.node.id).toBe(newest.apiToken.id);
    expect(two.apiTokens.edges[0]?.node.name).toBe('older');
    expect(JSON.stringify(await hub.graphql(list, { first: 500 }))).not.toContain(secret);
  });

  it('that never was is refused', async () => {
    const answer = await hub.answer('{ viewer { user } }', {}, 'fl_user_guess');
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('needs good input, and every problem is named at once', async () => {
    const answer = await hub.answer(
      'mutation { createApiToken(input: { name: "", user: " ", role: ADMIN, emails: ["x"], expiresIn: "0s" }) { secret } }',
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('INVALID');
    expect(answer.errors?.[0]?.message).toMatch(/name .*user .*emails.*expiresIn/);
  });

  it('leaves a trace in activity that names who made and revoked it', async () => {
    const { apiToken } = await createToken({ name: 'traced' });
    await revoke(apiToken.id);
    const { activity } = await hub.graphql<{
      activity: { nodes: { kind: string; actor: string; message: string }[] };
    }>(
      '{ activity(filter: { kind: ["api-token.created", "api-token.revoked"] }) { nodes { kind actor message } } }',
    );
    const traced = activity.nodes.filter(({ message }) => message.includes('"traced"'));
    expect(traced).toMatchObject([
      { kind: 'api-token.revoked', actor: 'admin' },
      { kind: 'api-token.created', actor: 'admin' },
    ]);
  });
});

describe('the guard', () => {
  it('says to a caller without a token what is missing', async () => {
    const answer = await hub.answer('{ viewer { user } }', {}, null);
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(answer.errors?.[0]?.message).toContain('Bearer');
  });

  it('names the role that is needed and the one that the caller has', async () => {
    const { secret } = await createToken({ role: 'OPERATOR' });
    const answer = await hub.answer('{ apiTokens { nodes { id } } }', {}, secret);
    expect(answer.errors?.[0]).toMatchObject({
      message: 'apiTokens needs the role ADMIN; the token "laptop" of ada has the role OPERATOR.',
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('lets the configured admin token do everything', async () => {
    const { viewer } = await hub.graphql('{ viewer { user role } }');
    expect(viewer).toEqual({ user: 'admin', role: 'ADMIN' });
  });
});

describe('the first start', () => {
  it('without a configured token makes one, once, and keeps only its hash', async () => {
    const database = await startTestDatabase();
    const environment = { FAIRLEAD_DATABASE_URL: database.connectionString, FAIRLEAD_ADMIN_TOKEN: '' };
    const shown = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const first = await startTestHub(environment);
    const secrets = shown.mock.calls.flatMap(([text]) => /fl_user_[\w-]{43}/.exec(String(text)) ?? []);
    await first.stop();
    const second = await startTestHub(environment);
    const all = shown.mock.calls.flatMap(([text]) => /fl_user_[\w-]{43}/.exec(String(text)) ?? []);
    shown.mockRestore();
    expect(secrets).toHaveLength(1);
    expect(all).toEqual(secrets);
    const { viewer } = await second.graphql('{ viewer { name user role } }', {}, secrets[0]);
    expect(viewer).toEqual({ name: 'first start', user: 'admin', role: 'ADMIN' });
    await second.stop();
    await database.stop();
  });
});

describe('another replica', () => {
  it('that missed a revocation closes the token’s sockets when the fan-out is back', async () => {
    const { apiToken, secret } = await createToken({});
    const events = await hub.subscribe(
      'subscription { activity(filter: { kind: ["none"] }) { kind } }',
      {},
      secret,
    );
    const closed = closeOf(events);
    const db = new Client({ connectionString: hub.databaseUrl });
    await db.connect();
    await db.query(`update api_token set revoked_at = now() where id = $1`, [
      decodeId('apiToken', apiToken.id),
    ]);
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'fairlead-listen' and datname = current_database()`);
    await db.end();
    const close = await until('the socket to be closed at once', () => closed, AT_ONCE);
    expect(close).toMatchObject({ code: 4401 });
    events.stop();
  });

  it('learns at once that a token was revoked', async () => {
    const replica = await startTestHub({ FAIRLEAD_DATABASE_URL: hub.databaseUrl });
    const { apiToken, secret } = await createToken({});
    await replica.graphql('{ viewer { user } }', {}, secret);
    await revoke(apiToken.id);
    await until('the other replica to refuse the token', async () => {
      return (await replica.answer('{ viewer { user } }', {}, secret)).status === 401;
    });
    await replica.stop();
  });

  it('shows when a token was used last, once the first has gone and written it', async () => {
    const replica = await startTestHub({ FAIRLEAD_DATABASE_URL: hub.databaseUrl });
    const { apiToken, secret } = await createToken({ name: 'used' });
    expect(apiToken.lastUsedAt).toBeNull();
    await replica.graphql('{ viewer { user } }', {}, secret);
    await replica.stop();
    const { apiTokens } = await hub.graphql<{ apiTokens: { nodes: ApiToken[] } }>(
      '{ apiTokens(first: 1) { nodes { name lastUsedAt } } }',
    );
    expect(apiTokens.nodes[0]).toMatchObject({ name: 'used', lastUsedAt: expect.any(String) });
  });
});
