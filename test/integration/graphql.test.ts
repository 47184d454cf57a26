import { request } from 'node:http';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

const codeOf = async (query: string, variables = {}, token?: string | null) => {
  const { errors, status } = await hub.answer(query, variables, token);
  return { code: errors?.[0]?.extensions.code, message: errors?.[0]?.message, status };
};

const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;

describe('GraphQL over HTTP', () => {
  it('answers who holds the token', async () => {
    expect(await hub.graphql('{ viewer { user role } }')).toEqual({
      viewer: { user: 'admin', role: 'ADMIN' },
    });
  });

  it('answers 401 and UNAUTHENTICATED without a token and with a wrong one', async () => {
    expect(await codeOf('{ viewer { user } }', {}, null)).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    });
    expect(await codeOf('{ viewer { user } }', {}, 'nobody')).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    });
  });

  it('names what is wrong with an operation that does not fit the schema', async () => {
    expect(await codeOf('{ nonsense }')).toMatchObject({
      code: 'INVALID',
      status: 400,
      message: /nonsense/ as never,
    });
  });

  it.each([
    ['too deep', nested(16), /too deep/],
    [
      'with a thousand aliases',
      `{ ${Array.from({ length: 1000 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
      /aliases/,
    ],
    ['too long', `{ ${'__typename '.repeat(5000)} }`, /tokens/],
    ['with too large a page', '{ activity(first: 501) { nodes { id } } }', /first.* 501.*500/],
  ])('refuses an operation %s, naming the limit', async (_case, query, message) => {
    const answered = await codeOf(query);
    expect(answered.code).toBe('LIMIT_EXCEEDED');
    expect(answered.message).toMatch(message);
  });

  it('refuses a body that is too large before reading it', async () => {
    expect(await codeOf('{ __typename }', { x: 'x'.repeat(1_100_000) })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('refuses what is no operation with a reason', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${hub.adminToken}` };
    for (const body of [
      '[]',
      '{}',
      '{ "query": 5 }',
      'not json',
      '{"query":"{__typename}","variables":[]}',
    ]) {
      const response = await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body });
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID' } }] });
    }
  });

  it('shows GraphiQL to a browser, and nothing from elsewhere', async () => {
    const page = await fetch(`${hub.url}/graphql`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('graphiql');
    expect(html).not.toMatch(/https?:\/\//);
    expect((await fetch(`${hub.url}/graphql`)).status).toBe(400);
    expect((await fetch(`${hub.url}/graphql/assets/no-such-file.js`)).status).toBe(404);
    expect((await fetch(`${hub.url}/graphql/assets/..%2Fmain.js`)).status).toBe(404);
  });

  it('says that it lives, whether it is ready, and how it does, without a token', async () => {
    expect(await (await fetch(`${hub.url}/healthz`)).json()).toEqual({ alive: true });
    expect(await (await fetch(`${hub.url}/readyz`)).json()).toEqual({ ready: true, missing: {} });
    expect(await (await fetch(`${hub.url}/metrics`)).text()).toContain('fairlead_sockets');
  });
});

describe('GraphQL over WebSocket', () => {
  const open = (path: string, protocol = 'graphql-transport-ws') =>
    new WebSocket(`${hub.url.replace('http', 'ws')}${path}`, protocol);
  const closed = (socket: WebSocket) =>
    new Promise<{ code: number; reason: string }>((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  const message = (socket: WebSocket) =>
    new Promise<Record<string, unknown>>((resolve) =>
      socket.once('message', (data: Buffer) =>
        resolve(JSON.parse(data.toString()) as Record<string, unknown>),
      ),
    );

  it('closes with a reason where the token is missing or wrong', async () => {
    for (const payload of [undefined, { authorization: 'Bearer nobody' }]) {
      const socket = open('/graphql');
      const end = closed(socket);
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
      expect(await end).toEqual({ code: 4401, reason: expect.stringContaining('UNAUTHENTICATED') });
    }
  });

  it('answers a ping', async () => {
    const socket = open('/graphql');
    await new Promise((opened) => socket.once('open', opened));
    const payload = { authorization: `Bearer ${hub.adminToken}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    expect(await message(socket)).toEqual({ type: 'connection_ack' });
    socket.send(JSON.stringify({ type: 'ping', payload: { n: 1 } }));
    expect(await message(socket)).toMatchObject({ type: 'pong' });
    socket.close();
  });

  it('closes a stranger who sends too much', async () => {
    const socket = open('/graphql');
    const end = closed(socket);
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { x: 'x'.repeat(20_000) } })),
    );
    expect(await end).toMatchObject({ code: 1009 });
  });

  it('cuts an upgrade to any other address', async () => {
    const ended = new Promise((resolve) => {
      const asked = request(`${hub.url}/elsewhere`, {
        headers: { connection: 'Upgrade', upgrade: 'websocket' },
      });
      asked.on('error', resolve).end();
    });
    expect(await ended).toBeInstanceOf(Error);
  });

  it('checks the documents of subscriptions like any other', async () => {
    const subscription = await hub.subscribe('subscription { nonsense }');
    await expect(subscription.next()).rejects.toMatchObject([{ message: /nonsense/ as never }]);
    subscription.stop();
  });
});
