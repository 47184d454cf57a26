// Manifests for what is wrong, or hard, in a repository; as JSON, which is YAML too.

/** A manifest of these objects, one document each. */
export const manifest = (...objects: readonly object[]): string =>
  objects.map((object) => JSON.stringify(object)).join('\n---\n');

/** A ConfigMap that says `text`; in the application's namespace unless told. */
export const configMap = (name: string, text = 'one', namespace?: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  data: { text },
});

/** A Service on a port. */
export const service = (name: string, port: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port }] },
});

/** A Deployment whose selector, which never may change, is `app: label`. */
export const deployment = (name: string, label: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: label } },
    template: {
      metadata: { labels: { app: label } },
      spec: { containers: [{ name: 'a', image: 'registry.example/a:1' }] },
    },
  },
});

/** A definition of the kind Lamp, and one of them. */
export const lampDefinition: object = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.bad-input.example.com' },
  spec: {
    group: 'bad-input.example.com',
    scope: 'Namespaced',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { watts: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};

/** See `lampDefinition`. */
export const lamp = (name: string): object => ({
  apiVersion: 'bad-input.example.com/v1',
  kind: 'Lamp',
  metadata: { name },
  spec: { watts: 5 },
});
