// The application that people change by hand: Deployments, each changed three times in each way, so that no field is
// healed more often than is healed at once; and a ConfigMap to fight over.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { Files } from '../content/bench-repository.ts';
import type { PlainApplication } from '../content/fleet-setup.ts';

/** How many Deployments; with three rounds each, 51 changes of every kind. */
export const CHANGED_DEPLOYMENTS = 17;

/** As the hub is told it. */
export const changedApplication: PlainApplication = {
  name: 'changed',
  namespace: 'changed',
  folder: 'apps/changed',
};

/** What Git says of each Deployment. */
export const IMAGE = 'registry.example/web:1';
export const REPLICAS = 1;

/** The ConfigMap that two managers want. */
export const FOUGHT_OVER = 'fought-over';

/** Its files. */
export function changedFiles(): Files {
  const deployments = Array.from({ length: CHANGED_DEPLOYMENTS }, (_, index) => deployment(nameOf(index)));
  const foughtOver = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: FOUGHT_OVER },
    data: { a: 'git' },
  };
  const documents = [...deployments, foughtOver].map((object) => JSON.stringify(object));
  return new Map([[`${changedApplication.folder}/objects.yaml`, `---\n${documents.join('\n---\n')}\n`]]);
}

/** Name of the Deployment with this number. */
export function nameOf(index: number): string {
  return `web-${index}`;
}

function deployment(name: string): KubernetesObject {
  const labels = { app: name };
  const containers = [{ name: 'web', image: IMAGE }];
  const spec = {
    replicas: REPLICAS,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}
