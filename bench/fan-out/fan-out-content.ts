// What is fanned out: one small application of plain manifests, of which every commit changes one value.
import type { Files } from '../content/bench-repository.ts';

/** Its name at the hub. */
export const APPLICATION = 'shop';

/** Its folder in the repository. */
export const FOLDER = 'apps/shop';

/** The files of the commit that makes this release. */
export function manifests(release: number): Files {
  return new Map([
    [`${FOLDER}/settings.yaml`, settings(release)],
    [`${FOLDER}/workload.yaml`, WORKLOAD],
  ]);
}

const settings = (release: number) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  release: "${release}"
`;

const WORKLOAD = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.0.0
          ports:
            - containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
    - port: 80
      targetPort: 8080
`;
