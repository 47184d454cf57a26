// A custom kind made for one case: its definition, its paths, and its removal.
import { until } from '../../support/until.ts';
import type { Document } from './cluster-client.ts';
import type { Bench } from './contract-case.ts';
import { conditionOf } from './contract-case.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export interface CustomKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** Path of the kind's objects in the bench's namespace. */
  readonly collection: string;
  readonly definition: string;
  object(name: string, spec: Document): Document;
  remove(): Promise<void>;
}

/** Defines a kind and waits until it is established and served. Its group is the bench's own. */
export async function defineKind(on: Bench, kind: string): Promise<CustomKind> {
  const group = `${on.namespace}.example.com`;
  const plural = `${kind.toLowerCase()}s`;
  const apiVersion = `${group}/v1`;
  const definition = `${DEFINITIONS}/${plural}.${group}`;
  const collection = `/apis/${apiVersion}/namespaces/${on.namespace}/${plural}`;
  await on.client.send('POST', DEFINITIONS, definitionOf({ kind, plural, group }));
  const served = async (): Promise<boolean> => {
    const { body } = await on.client.send('GET', definition);
    const isEstablished = conditionOf(body, 'Established')['status'] === 'True';
    return isEstablished && (await on.client.send('GET', collection)).status === 200;
  };
  await until(`${kind} to be served`, served, { timeoutMs: 30_000 });
  return {
    kind,
    apiVersion,
    collection,
    definition,
    object: (name, spec) => ({ apiVersion, kind, metadata: { name }, spec }),
    remove: async () => {
      await on.client.send('DELETE', definition);
    },
  };
}

const listOfParts: Document = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['id'],
  items: {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, size: { type: 'integer' } },
  },
};

const schema: Document = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        parts: listOfParts,
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        notes: { type: 'array', items: { type: 'string' } },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};

const definitionOf = ({
  kind,
  plural,
  group,
}: {
  kind: string;
  plural: string;
  group: string;
}): Document => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: schema },
      },
    ],
  },
});
