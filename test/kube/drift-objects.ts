// The objects that the kinds of change are made to.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { configMap } from './engine-objects.ts';

/** A Deployment with some of everything that people change. */
export const web: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { team: 'shop' }, annotations: { 'shop.example/tier': 'front' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'registry.example/web:1',
            args: ['--port', '8080'],
            env: [
              { name: 'MODE', value: 'fast' },
              { name: 'DB_PASSWORD', value: 'not-for-everyone' },
            ],
            ports: [{ containerPort: 8080 }],
            resources: { limits: { cpu: '1000m', memory: '1Gi' } },
          },
        ],
      },
    },
  },
};
/** A Service that says its type. */
export const shop: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
};
/** A ConfigMap of two keys. */
export const settings = configMap('settings', { mode: 'fast', level: '3' });
/** A Secret that the bundle gives as text. */
export const key: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'key' },
  stringData: { password: 'geheim', user: 'shop' },
};
