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

/** Settings from the pod's environment and service account; throws when its files are missing. */
export function inClusterSettings(environment: Environment, clock: Clock): ConnectionSettings {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${ACCOUNT_DIRECTORY}/ca.crt`, 'utf8'),
    authorization: tokenFileAuthorization(`${ACCOUNT_DIRECTORY}/token`, clock),
  };
}
