// One case of the contract: a sentence about the API server, and the requests that prove it, in a namespace of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { ClusterClient, Document, Reply, Watch, WatchEvent } from './cluster-client.ts';
import type { Json, JsonObject } from '../../../sim/src/json-value.ts';
import { objectOf, objectsOf, stringOf, valueAt } from '../../../sim/src/json-value.ts';
import { until } from '../../support/until.ts';

export interface ContractCase {
  readonly name: string;
  readonly run: (on: Bench) => Promise<void>;
}

const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

export interface ApplyOptions {
  readonly manager?: string;
  readonly force?: boolean;
  readonly query?: string;
}

/** A namespace to work in, and the verbs in short form. Paths are relative to the namespace's kinds. */
export class Bench {
  readonly client: ClusterClient;
  readonly namespace: string;

  constructor(client: ClusterClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  /** `configmaps/a` or `apps/v1/deployments/web`, in this bench's namespace. */
  path(at: string): string {
    const [, group, rest] = /^([a-z0-9.-]+\/v[a-z0-9]+\/)?(.*)$/.exec(at) ?? [];
    const root = group === undefined ? '/api/v1/' : `/apis/${group}`;
    return `${root}namespaces/${this.namespace}/${rest}`;
  }

  get(at: string): Promise<Reply> {
    return this.client.send('GET', this.path(at));
  }

  /** The object at a path; fails when there is none. */
  async read(at: string): Promise<Document> {
    const { status, body } = await this.get(at);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  }

  create(at: string, body: Document, userAgent?: string): Promise<Reply> {
    return this.client.send('POST', this.path(at), body, userAgent === undefined ? {} : { userAgent });
  }

  put(at: string, body: Document): Promise<Reply> {
    return this.client.send('PUT', this.path(at), body);
  }

  apply(
    at: string,
    body: Document,
    { manager = 'fairlead', force = false, query = '' }: ApplyOptions = {},
  ): Promise<Reply> {
    const path = `${this.path(at)}?fieldManager=${manager}&force=${force}${query}`;
    return this.client.send('PATCH', path, body, { type: APPLY });
  }

  /** Applies and gives the object; fails when the server refuses. */
  async applied(at: string, body: Document, options: ApplyOptions = {}): Promise<Document> {
    const reply = await this.apply(at, body, options);
    expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
    return reply.body;
  }

  merge(at: string, patch: Document, manager = 'kubectl-edit'): Promise<Reply> {
    return this.client.send('PATCH', `${this.path(at)}?fieldManager=${manager}`, patch, { type: MERGE });
  }

  strategic(at: string, patch: Document, manager = 'kubectl-set'): Promise<Reply> {
    return this.client.send('PATCH', `${this.path(at)}?fieldManager=${manager}`, patch, { type: STRATEGIC });
  }

  jsonPatch(at: string, operations: Json, manager = 'patcher'): Promise<Reply> {
    return this.client.send('PATCH', `${this.path(at)}?fieldManager=${manager}`, operations, {
      type: JSON_PATCH,
    });
  }

  remove(at: string, options?: Document): Promise<Reply> {
    return this.client.send('DELETE', this.path(at), options);
  }

  watch(at: string, query: string): Promise<Watch> {
    return this.client.watch(this.path(at), query);
  }

  gone(at: string): Promise<unknown> {
    return until(`${at} to be gone`, async () => (await this.get(at)).status === 404, { timeoutMs: 30_000 });
  }

  /** Waits until a condition of an object holds and gives the object. */
  object(at: string, what: string, test: (object: Document) => boolean): Promise<Document> {
    const look = async (): Promise<Document | undefined> => {
      const { status, body } = await this.get(at);
      return status === 200 && test(body) ? body : undefined;
    };
    return until(`${at}: ${what}`, look, { timeoutMs: 30_000 });
  }

  /** Runs kubectl against the cluster, in this namespace; throws with its words when it fails. */
  async kubectl(...args: string[]): Promise<string> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
    const all = ['--kubeconfig', this.client.kubeconfigPath, '--namespace', this.namespace, ...args];
    const { stdout } = await promisify(execFile)('kubectl', all, { env, timeout: 60_000 });
    return stdout;
  }
}

export function eventOf(
  watch: Watch,
  what: string,
  test: (event: WatchEvent) => boolean,
): Promise<WatchEvent> {
  return until(`a watch event: ${what}`, () => watch.events.find(test), { timeoutMs: 30_000 });
}

/** The managedFields entry of a manager; undefined when it owns nothing. */
export function entryOf(
  object: Document,
  manager: string,
  operation = 'Apply',
  subresource?: string,
): Document | undefined {
  return objectsOf(valueAt(object, 'metadata', 'managedFields')).find(
    (entry) =>
      entry['manager'] === manager &&
      entry['operation'] === operation &&
      entry['subresource'] === subresource,
  );
}

/** The fields that a manager owns by apply; undefined when it owns nothing. */
export const ownedBy = (object: Document, manager: string): Json | undefined =>
  entryOf(object, manager)?.['fieldsV1'];

export const versionOf = (object: Document): string =>
  stringOf(valueAt(object, 'metadata', 'resourceVersion')) ?? '';

/** The first container of a workload's template. */
export const containerOf = (workload: Document): JsonObject =>
  objectsOf(valueAt(workload, 'spec', 'template', 'spec', 'containers'))[0] ?? {};

/** Names of a list's items. */
export const namesOf = (list: Document): (string | undefined)[] =>
  objectsOf(list['items']).map((item) => stringOf(valueAt(item, 'metadata', 'name')));

export const configMap = (
  name: string,
  content: Document = { data: { a: '1' } },
  metadata: Document = {},
): Document => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  ...content,
});

/** A Deployment of one container named `web`; `container` and `spec` are laid over. */
export const deployment = (name: string, spec: Document = {}, container: Document = {}): Document => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:1', ...container }] },
    },
    ...spec,
  },
});

/** A Service on the given ports. */
export const service = (name: string, ports: Json, spec: Document = {}): Document => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports, ...spec },
});

export const conditionOf = (object: Document, type: string): JsonObject =>
  objectsOf(valueAt(object, 'status', 'conditions')).find((entry) => entry['type'] === type) ?? {};

export const metadataOf = (object: Document): JsonObject => objectOf(object['metadata']);
