// What is applied: many small applications of four objects, each in a folder of its own.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { Files } from '../content/bench-repository.ts';
import type { PlainApplication } from '../content/fleet-setup.ts';

/** Objects of one application: a ConfigMap, a Secret, a ServiceAccount and a Service. */
export const OBJECTS_PER_APPLICATION = 4;

const APPLICATIONS_PER_NAMESPACE = 50;
const FILLER = 'x'.repeat(200);

/** The namespaces that this many applications share; `prefix` keeps two sets of them apart. */
export function namespacesOf(applications: number, prefix: string): string[] {
  const count = Math.ceil(applications / APPLICATIONS_PER_NAMESPACE);
  return Array.from({ length: count }, (_, index) => namespaceOf(index * APPLICATIONS_PER_NAMESPACE, prefix));
}

/** The applications as the hub is told them. */
export function applicationsOf(count: number, prefix: string): PlainApplication[] {
  return Array.from({ length: count }, (_, index) => {
    const name = nameOf(index);
    return { name, namespace: namespaceOf(index, prefix), folder: folderOf(index) };
  });
}

/** The files of all applications; `value` is in each ConfigMap. */
export function filesOf(count: number, prefix: string, value: number): Files {
  const entries = Array.from({ length: count }, (_, index): [string, string] => {
    const documents = objectsOf(index, prefix, value).map((object) => JSON.stringify(object));
    return [`${folderOf(index)}/objects.yaml`, `---\n${documents.join('\n---\n')}\n`];
  });
  return new Map(entries);
}

/** The four objects of one application. */
export function objectsOf(index: number, prefix: string, value: number): KubernetesObject[] {
  const name = nameOf(index);
  const metadata = { name, namespace: namespaceOf(index, prefix), labels: { app: name } };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: String(value), filler: FILLER } },
    { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: 'c2VjcmV0' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: name }, ports: [{ port: 80 }] } },
  ];
}

const nameOf = (index: number) => `app-${String(index).padStart(5, '0')}`;

const folderOf = (index: number) => `apps/${nameOf(index)}`;

function namespaceOf(index: number, prefix: string): string {
  return `${prefix}-${String(Math.floor(index / APPLICATIONS_PER_NAMESPACE)).padStart(3, '0')}`;
}
