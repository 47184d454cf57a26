// Tables: what `kubectl get` shows. A few columns for the kinds that people look at, name and age for the rest.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, numberOf, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { ResourceType } from '../resources/resource-type.ts';

/** True when a client asks for a table before anything else. */
export const wantsTable = (accept: string): boolean => accept.split(',')[0]?.includes('as=Table') ?? false;

interface Column {
  readonly name: string;
  readonly value: (object: JsonObject) => Json;
}

const status = (object: JsonObject, field: string): number => numberOf(valueAt(object, 'status', field), 0);
const spec = (object: JsonObject, field: string): number => numberOf(valueAt(object, 'spec', field), 0);

const ready: Column = {
  name: 'Ready',
  value: (object) => `${status(object, 'readyReplicas')}/${spec(object, 'replicas')}`,
};

const count = (name: string, value: (object: JsonObject) => number): Column => ({ name, value });

const text = (name: string, ...path: string[]): Column => ({
  name,
  value: (object) => stringOf(valueAt(object, ...path)) ?? '<none>',
});

const podStatus: Column = {
  name: 'Status',
  value: (pod) => {
    const waiting = objectsOf(valueAt(pod, 'status', 'containerStatuses'))
      .map((container) => valueAt(container, 'state', 'waiting', 'reason'))
      .find((reason) => typeof reason === 'string');
    return waiting ?? stringOf(valueAt(pod, 'status', 'phase')) ?? 'Pending';
  },
};

const podReady: Column = {
  name: 'Ready',
  value: (pod) => {
    const containers = objectsOf(valueAt(pod, 'status', 'containerStatuses'));
    return `${containers.filter((container) => container['ready'] === true).length}/${objectsOf(valueAt(pod, 'spec', 'containers')).length}`;
  },
};

const dataCount = count('Data', (object) => Object.keys(objectOf(object['data'])).length);

const servicePorts: Column = {
  name: 'Port(s)',
  value: (object) =>
    objectsOf(valueAt(object, 'spec', 'ports'))
      .map((port) => `${numberOf(port['port'], 0)}/${stringOf(port['protocol']) ?? ''}`)
      .join(','),
};

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Deployment: [
    ready,
    count('Up-to-date', (object) => status(object, 'updatedReplicas')),
    count('Available', (object) => status(object, 'availableReplicas')),
  ],
  StatefulSet: [ready],
  ReplicaSet: [
    count('Desired', (object) => spec(object, 'replicas')),
    count('Current', (object) => status(object, 'replicas')),
    count('Ready', (object) => status(object, 'readyReplicas')),
  ],
  Pod: [podReady, podStatus],
  Namespace: [text('Status', 'status', 'phase')],
  ConfigMap: [dataCount],
  Secret: [text('Type', 'type'), dataCount],
  Service: [text('Type', 'spec', 'type'), text('Cluster-IP', 'spec', 'clusterIP'), servicePorts],
  PersistentVolumeClaim: [text('Status', 'status', 'phase')],
};

const SECONDS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
];

function age(object: JsonObject, now: Date): string {
  const since = Date.parse(stringOf(valueAt(object, 'metadata', 'creationTimestamp')) ?? '');
  if (Number.isNaN(since)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now.getTime() - since) / 1_000));
  const unit = SECONDS.find(([, size]) => seconds >= 2 * size);
  return unit ? `${Math.floor(seconds / unit[1])}${unit[0]}` : `${seconds}s`;
}

/** A list or a single object as a table; each row carries its object's metadata, for kubectl's own needs. */
export function tableOf(type: ResourceType, document: JsonObject, now: Date): JsonObject {
  const isList = document['kind'] === `${type.kind}List`;
  const objects = isList ? objectsOf(document['items']) : [document];
  const columns = COLUMNS[type.kind] ?? [];
  const names = ['Name', ...columns.map((column) => column.name), 'Age'];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: isList && isObject(document['metadata']) ? document['metadata'] : {},
    columnDefinitions: names.map((name) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: [
        valueAt(object, 'metadata', 'name') ?? '',
        ...columns.map((column) => column.value(object)),
        age(object, now),
      ],
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object['metadata'] ?? {},
      },
    })),
  };
}
