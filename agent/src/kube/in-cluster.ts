// How a pod reaches the API server of its own cluster.
import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { tokenFileAuthorization } from './token-file.ts';

const ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the process runs in a pod with a service account. */
export function isInCluster(environment: Environment): boolean {
  return Boolean(environment['KUBERNETES_SERVICE_HOST']);
}

/** Settings from the pod's environment and service account; throws where the pod was given none. */
export function inClusterSettings(
  environment: Environment,
  clock: Clock,
  accountDirectory = ACCOUNT_DIRECTORY,
): ConnectionSettings {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: authorityOf(`${accountDirectory}/ca.crt`),
    authorization: tokenFileAuthorization(`${accountDirectory}/token`, clock),
  };
}

function authorityOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `KUBERNETES_SERVICE_HOST is set, so this is taken for a pod, but its service account cannot be read (${reason}); ` +
        'let the pod mount its token (automountServiceAccountToken), or set KUBECONFIG',
      { cause: error },
    );
  }
}
