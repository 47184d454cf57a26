// The repository that the main path ships: three Kustomize overlays over two bases and a component that all share.
import { makeRepository, type Files, type TestRepository } from '../../support/git-repository.ts';

/** Environments in the order in which a release goes through them, and how many pods the shop has in each. */
export const REPLICAS = { dev: 1, staging: 2, production: 3 } as const;

/** A name of an environment, of its overlay and of its one cluster. */
export type Place = keyof typeof REPLICAS;

/** All of them, in order. */
export const PLACES = Object.keys(REPLICAS) as readonly Place[];

/** The image of a version of the shop. */
export const imageOf = (version: string): string => `registry.example/shop:${version}`;

const kustomization = (lines: readonly string[]): string =>
  ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', ...lines, ''].join('\n');

const deployment = (version: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${imageOf(version)}
          ports: [{ containerPort: 8080 }]
`;

const service = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const configMap = (name: string, text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: "${text}" }\n`;

const component = `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [metrics.yaml]
patches:
  - target: { kind: Deployment, name: web }
    patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { template: { metadata: { annotations: { example.com/scrape: "true" } } } }
`;

const metrics = `apiVersion: v1
kind: Service
metadata: { name: metrics }
spec: { selector: { app: web }, ports: [{ port: 9090 }] }
`;

function overlay(place: Place): Files {
  const lines = [
    'resources: [../../bases/web, ../../bases/settings]',
    'components: [../../components/metrics]',
    `replicas: [{ name: web, count: ${REPLICAS[place]} }]`,
    `configMapGenerator: [{ name: place, literals: [name=${place}] }]`,
  ];
  return { [`overlays/${place}/kustomization.yaml`]: kustomization(lines) };
}

const settings = (hasBanner: boolean): Files => ({
  'bases/settings/kustomization.yaml': kustomization([
    `resources: [${hasBanner ? 'banner.yaml, limits.yaml' : 'limits.yaml'}]`,
  ]),
  'bases/settings/banner.yaml': hasBanner ? configMap('banner', 'hello') : null,
});

/** What people do to the shop's repository; each answers the commit. */
export interface ShopRepository {
  readonly url: string;
  /** Changes the image in a base, and nothing in any overlay. */
  ship(version: string): string;
  /** Takes one file out of a base. */
  removeBanner(): string;
  /** Changes what no overlay reads. */
  changeReadme(): string;
  remove(): void;
}

/** A repository whose first commit is version 1. */
export function makeShopRepository(): ShopRepository {
  const repository: TestRepository = makeRepository();
  repository.commit({
    'README.md': '# The shop\n',
    'bases/web/kustomization.yaml': kustomization(['resources: [deployment.yaml, service.yaml]']),
    'bases/web/deployment.yaml': deployment('1'),
    'bases/web/service.yaml': service,
    'bases/settings/limits.yaml': configMap('limits', 'ten'),
    ...settings(true),
    'components/metrics/kustomization.yaml': component,
    'components/metrics/metrics.yaml': metrics,
    ...overlay('dev'),
    ...overlay('staging'),
    ...overlay('production'),
  });
  return {
    url: repository.url,
    ship: (version) =>
      repository.commit({ 'bases/web/deployment.yaml': deployment(version) }, `version ${version}`),
    removeBanner: () => repository.commit(settings(false), 'no banner'),
    changeReadme: () => repository.commit({ 'README.md': '# The shop, in other words\n' }, 'words'),
    remove: () => repository.remove(),
  };
}
