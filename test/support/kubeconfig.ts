// The file through which agents, kubectl and people reach a cluster.
import type { ApiAccess } from './raw-api.ts';

/** The text of a kubeconfig with one cluster, one user and one context, all called `name`. */
export function kubeconfigOf(name: string, { server, caPem, token }: ApiAccess): string {
  const authority = Buffer.from(caPem).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
