// Small applications of plain manifests (a ConfigMap, a Deployment, a Service), of which every commit changes one value.
import type { Files } from './bench-repository.ts';
import type { PlainApplication } from './fleet-setup.ts';

/** So many applications. */
export function smallApplications(count: number): PlainApplication[] {
  return Array.from({ length: count }, (_, index) => smallApplication(index));
}

/** One of them; in a folder and a namespace of its own. */
export function smallApplication(index: number): PlainApplication {
  const name = `shop-${String(index).padStart(4, '0')}`;
  return { name, namespace: name, folder: `apps/${name}` };
}

/** The files of the commit that makes this release of each. */
export function releaseFiles(applications: readonly PlainApplication[], release: number): Files {
  return new Map(
    applications.flatMap(({ name, folder }) => [
      [`${folder}/settings.yaml`, settings(name, release)] as const,
      [`${folder}/workload.yaml`, workload(name)] as const,
    ]),
  );
}

const settings = (name: string, release: number) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  release: "${release}"
`;

const workload = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
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
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`;
