// A kubeconfig for one simulated cluster, as kubectl and agents read it.
import { Buffer } from 'node:buffer';

export interface Access {
  readonly name: string;
  readonly server: string;
  readonly token: string;
  /** Absent for a plain http server. */
  readonly caPem: string | undefined;
}

export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly clusters: readonly { name: string; cluster: Record<string, string> }[];
  readonly users: readonly { name: string; user: { token: string } }[];
  readonly contexts: readonly { name: string; context: { cluster: string; user: string } }[];
  readonly 'current-context': string;
}

export function kubeconfigOf({ name, server, token, caPem }: Access): Kubeconfig {
  const trust =
    caPem === undefined ? {} : { 'certificate-authority-data': Buffer.from(caPem).toString('base64') };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...trust } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
}
