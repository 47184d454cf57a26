// Marked values are planted wherever secrets are, and searched for wherever somebody could read them.
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import type { AgentProcess } from '../../support/agent-process.ts';
import { serveRepository, type GitHttpServer } from '../../support/git-http-server.ts';
import { makeRepository, type TestRepository } from '../../support/git-repository.ts';
import { startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { processesNaming } from '../../support/process-list.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import { PATIENT } from './fault-stage.ts';

const marked = (what: string): string => `canary-${what}-${randomBytes(12).toString('hex')}`;
const values = {
  released: marked('released'),
  changed: marked('changed'),
  byHand: marked('by-hand'),
  password: marked('password'),
  adminToken: marked('admin'),
  secretKey: marked('secret-key'),
  webhook: marked('webhook'),
  sshKey: marked('ssh-key'),
};
/** Whatever is a secret of ours begins with one of these. */
const BEGINNINGS = ['canary-', 'fl_join_', 'fl_agent_', 'fl_user_'];
const SECRET = '/api/v1/namespaces/shop/secrets/marked';

let hub: KillableHub;
let world: AgentWorld;
let agent: AgentProcess;
let repository: TestRepository;
let git: GitHttpServer;
let sampling: NodeJS.Timeout;
const seenArguments = new Set<string>();

beforeAll(async () => {
  sampling = setInterval(() => {
    for (const line of processesNaming(BEGINNINGS)) seenArguments.add(line);
  }, 50);
  hub = await startKillableHub({
    FAIRLEAD_ADMIN_TOKEN: values.adminToken,
    FAIRLEAD_SECRET_KEY: values.secretKey,
    FAIRLEAD_LOG_LEVEL: 'debug',
  });
  world = await startAgentWorld(hub, hub.url, 'marked');
  repository = makeRepository();
  repository.commit({ 'app/secret.yaml': secretManifest(values.released) });
  git = await serveRepository(repository.folder, `git:${values.password}`);
});

afterAll(async () => {
  clearInterval(sampling);
  await git.stop();
  repository.remove();
  await world.stop();
  await hub.stop();
});

const secretManifest = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: marked }\nimmutable: true\nstringData: { value: ${value} }\n`;

interface Saved {
  readonly saveRepository: { readonly refusal: unknown };
  readonly createApiToken: { readonly secret: string };
}

/** Everything that leaves a trace: delivery, drift, a refusal by the API server, a wrong password, wrong tokens. */
async function story(): Promise<string[]> {
  agent = world.start();
  await world.synced(1);
  const { createApiToken } = await hub.graphql<Saved>(
    `mutation ($repository: RepositoryInput!, $application: ApplicationInput!) {
       saveRepository(input: $repository) { refusal { message } }
       saveApplication(input: $application) { refusal { message } }
       refreshApplication(name: "secretive") { refusal { message } }
       createApiToken(input: { name: "a person", user: "ada", role: VIEWER }) { secret } }`,
    {
      repository: { url: git.url, username: 'git', password: values.password },
      application: {
        name: 'secretive',
        namespace: 'shop',
        policy: 'marked',
        source: { repository: git.url, ref: 'main', path: 'app' },
      },
    },
  );
  await until('the Secret to be applied', () => world.ask('GET', SECRET), PATIENT);
  await changeByHand();
  repository.commit({ 'app/secret.yaml': secretManifest(values.changed) });
  await hub.graphql('mutation { refreshApplication(name: "secretive") { refusal { message } } }');
  await until('the refusal', async () => (await messageOfSecretive())?.includes('immutable'), PATIENT);
  const wrong = marked('wrong-password');
  await hub.graphql(
    'mutation ($input: RepositoryInput!) { saveRepository(input: $input) { refusal { message } } }',
    { input: { url: git.url, username: 'git', password: wrong } },
  );
  await hub
    .graphql('mutation { refreshApplication(name: "secretive") { refusal { message } } }')
    .catch(() => undefined);
  await fetchBySsh();
  await hub.graphql(
    'mutation ($value: String!) { saveSecret(name: "webhook", value: $value) { refusal { message } } }',
    {
      value: values.webhook,
    },
  );
  await hub.graphql('{ viewer { role } }', {}, createApiToken.secret);
  const stranger = `fl_user_${marked('stranger')}`;
  await hub.answer('{ viewer { role } }', {}, stranger);
  return [createApiToken.secret, wrong, stranger, world.joinToken, ...(await agentsOwn())];
}

/** Nothing speaks SSH there: the key is handed to git, and git fails. */
async function fetchBySsh(): Promise<void> {
  const url = 'ssh://git@127.0.0.1:9/app.git';
  const sshPrivateKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${values.sshKey}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const source = { repository: url, ref: 'main', path: 'app' };
  const { saveRepository } = await hub.graphql<Pick<Saved, 'saveRepository'>>(
    `mutation ($repository: RepositoryInput!, $application: ApplicationInput!) {
       saveRepository(input: $repository) { refusal { message } }
       saveApplication(input: $application) { refusal { message } } }`,
    {
      repository: { url, sshPrivateKey },
      application: { name: 'by-ssh', namespace: 'shop', policy: 'marked', source },
    },
  );
  expect(saveRepository.refusal).toBeNull();
  await hub
    .answer('mutation { refreshApplication(name: "by-ssh") { refusal { message } } }')
    .catch(() => undefined);
}

async function changeByHand(): Promise<void> {
  await world.ask('DELETE', SECRET);
  await world.ask('POST', '/api/v1/namespaces/shop/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'marked', namespace: 'shop' },
    immutable: true,
    data: { value: Buffer.from(values.byHand).toString('base64') },
  });
}

async function messageOfSecretive(): Promise<string | undefined> {
  const { instances } = await hub.graphql<{ instances: { nodes: object[] } }>(
    `{ instances(filter: { application: "secretive" }, first: 10) {
       nodes { message objects { nodes { message } } } } }`,
  );
  return JSON.stringify(instances.nodes);
}

/** The agent's key and credential, as its Secret holds them. */
async function agentsOwn(): Promise<string[]> {
  const secret = await world.ask('GET', '/api/v1/namespaces/fairlead-agent/secrets/fairlead-agent');
  const { privateKey = '', enrolment = '' } = (secret?.['data'] ?? {}) as Record<string, string>;
  const [key, enrolled = '{}'] = [privateKey, enrolment].map((text) =>
    Buffer.from(text, 'base64').toString(),
  );
  const { credential: held } = JSON.parse(enrolled) as { credential?: string };
  const line = key?.split('\n').find((each) => each.length > 20 && !each.includes('-----'));
  if (!line || !held) throw new Error('the agent keeps no key or no credential where the test looks');
  return [line, held];
}

/** Every way in which a value could be written. */
const formsOf = (value: string): string[] => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
  encodeURIComponent(value),
];

/** All tables of all schemas as text, bytes in hexadecimal; bundles unpacked, where they are not encrypted. */
async function databaseText(): Promise<string> {
  const db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  try {
    const { rows: tables } = await db.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await db.query<{ line: string }>(
        name === 'public.bundle'
          ? 'select (b.digest, b.objects, b.bytes)::text as line from bundle b'
          : `select t::text as line from ${name} t`,
      );
      texts.push(...rows.map(({ line }) => line));
    }
    const { rows: bundles } = await db.query<{ content: Buffer; encrypted: boolean }>(
      'select content, encrypted from bundle',
    );
    const open = bundles.filter(({ encrypted }) => !encrypted);
    expect(bundles.length - open.length, 'bundles with the Secret are encrypted').toBe(2);
    return [...texts, ...open.map(({ content }) => gunzipSync(content).toString())].join('\n');
  } finally {
    await db.end();
  }
}

interface Field {
  readonly name: string;
  readonly args: readonly {
    readonly type: { readonly kind: string };
    readonly defaultValue: string | null;
  }[];
  readonly type: TypeRef;
}
interface TypeRef {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType?: TypeRef | null;
}
type Types = ReadonlyMap<string, readonly Field[]>;

const MOST_DEPTH = 5;

/** All that a query can show without being told what to look for: every field of every type, some levels deep. */
async function everythingTheApiSays(): Promise<string> {
  const { __schema: schema } = await hub.graphql<{
    __schema: { types: { name: string; fields: Field[] | null }[] };
  }>(`{ __schema { types { name fields {
    name args { defaultValue type { kind } } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`);
  const types: Types = new Map(schema.types.map(({ name, fields }) => [name, fields ?? []]));
  const answers: string[] = [];
  for (const field of types.get('Query') ?? []) {
    const selection = selectionOf(types, field, MOST_DEPTH);
    if (selection === undefined) continue;
    answers.push(JSON.stringify(await hub.answer(`{ ${selection} }`)));
  }
  expect(answers.filter((text) => text.includes('"data":{')).length).toBeGreaterThan(8);
  const pages = ['/metrics', '/healthz', '/readyz'].map(async (path) => (await fetch(hub.url + path)).text());
  return [...answers, ...(await Promise.all(pages))].join('\n');
}

function selectionOf(types: Types, { name, args, type }: Field, depth: number): string | undefined {
  if (args.some((each) => each.type.kind === 'NON_NULL' && each.defaultValue === null)) return undefined;
  const fields = types.get(namedType(type)) ?? [];
  if (fields.length === 0) return name;
  if (depth === 0) return undefined;
  const inner = fields
    .map((field) => selectionOf(types, field, depth - 1))
    .filter((text) => text !== undefined);
  return inner.length === 0 ? undefined : `${name} { ${inner.join(' ')} }`;
}

function namedType({ name, ofType }: TypeRef): string {
  return name ?? (ofType ? namedType(ofType) : '');
}

describe('secrets', () => {
  faultCase('secrets-nowhere', async () => {
    const made = await story();
    // As an Authorization header has them.
    const searched = [...Object.values(values), `git:${values.password}`, ...made];
    const places = {
      'the database': await databaseText(),
      'the hub’s log': hub.output(),
      'the agent’s log': agent.output(),
      'answers of the API': await everythingTheApiSays(),
      'process arguments': [...seenArguments].join('\n'),
    };
    for (const [place, text] of Object.entries(places)) {
      if (place !== 'process arguments') expect(text.length, place).toBeGreaterThan(1_000);
      for (const value of searched) {
        for (const form of formsOf(value)) {
          const at = text.indexOf(form);
          const around = text.slice(Math.max(0, at - 200), at + 40);
          expect(at, `${value.slice(0, 22)}… in ${place}: ${around}`).toBe(-1);
        }
      }
    }
    return `${searched.length} values in four spellings, searched in ${Object.keys(places).join(', ')}: none`;
  });
});
