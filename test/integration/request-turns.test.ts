// When more of one kind come than may run at once: in turn, beside everybody else, and only for who still waits.
import { request, type IncomingMessage } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authenticators } from '../../src/platform/graphql/authenticators.ts';
import { openHttpDoor } from '../../src/platform/graphql/http-door.ts';
import { Operations } from '../../src/platform/graphql/operations.ts';
import { Authenticator, type RequestContext } from '../../src/platform/graphql/request-context.ts';
import { Metrics } from '../../src/platform/metrics/metrics.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

/** Knows every token that begins with its kind. */
class Kind extends Authenticator {
  readonly #kind: string;
  override readonly maxAtOnce: number;

  constructor(kind: string, maxAtOnce: number) {
    super();
    this.#kind = kind;
    this.maxAtOnce = maxAtOnce;
  }

  override authenticate(token: string) {
    return Promise.resolve(token.startsWith(this.#kind) ? { kind: this.#kind, name: token } : undefined);
  }
}

let server: FastifyInstance;
let url: string;
let begun: string[];
let come: Map<string, IncomingMessage>;
let release: () => void;

beforeEach(async () => {
  [begun, come] = [[], new Map()];
  const held = new Promise<void>((resolve) => (release = resolve));
  const resolve = async (_: unknown, _arguments: unknown, { principal }: RequestContext) => {
    begun.push(principal?.name ?? '');
    if (principal?.kind === 'agent') await held;
    return principal?.name;
  };
  const query = new GraphQLObjectType({ name: 'Query', fields: { who: { type: GraphQLString, resolve } } });
  const authenticators = new Authenticators();
  authenticators.register(new Kind('agent', 2));
  authenticators.register(new Kind('person', Infinity));
  server = fastify();
  // The last step before an operation waits for its turn.
  server.addHook(
    'preHandler',
    async ({ raw }) => void come.set(raw.headers.authorization?.slice(7) ?? '', raw),
  );
  openHttpDoor(
    server,
    '/graphql',
    new Operations(new GraphQLSchema({ query }), silentLog, new Metrics()),
    authenticators,
  );
  url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
});

afterEach(async () => {
  release();
  await server.close();
});

const headersOf = (token: string) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
const BODY = JSON.stringify({ query: '{ who }' });

async function ask(token: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: headersOf(token), body: BODY });
  return ((await response.json()) as { readonly data: { readonly who: unknown } }).data.who;
}

/** As the agent asks: whoever gives up closes the connection. Resolves when that is done. */
function giveUp(token: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const headers = { ...headersOf(token), 'content-length': String(BODY.length) };
  const asked = request(url, { method: 'POST', headers, signal });
  asked.once('error', () => resolve());
  asked.end(BODY);
  return promise;
}

describe('More agents than may ask at once', () => {
  it('wait for their turn, and a person does not wait with them', async () => {
    const answers = Promise.all(['agent-1', 'agent-2', 'agent-3'].map((name) => ask(name)));
    await until('two to be at work', () => begun.length === 2);
    expect(await ask('person')).toBe('person');
    expect(begun.filter((name) => name.startsWith('agent'))).toHaveLength(2);
    release();
    expect(await answers).toEqual(['agent-1', 'agent-2', 'agent-3']);
  });

  it('are not carried out any more where they have given up meanwhile', async () => {
    const working = Promise.all([ask('agent-1'), ask('agent-2')]);
    await until('two to be at work', () => begun.length === 2);
    const givenUp = new AbortController();
    const third = giveUp('agent-3', givenUp.signal);
    await until('the third to have come', () => come.has('agent-3'));
    givenUp.abort();
    await third;
    await until('its connection to be gone', () => come.get('agent-3')?.socket.destroyed);
    const fourth = ask('agent-4');
    release();
    expect(await working).toEqual(['agent-1', 'agent-2']);
    expect(await fourth).toBe('agent-4');
    expect(begun).not.toContain('agent-3');
  });
});
