// Finds the cluster that this agent keeps, from its environment.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { HttpKubeClient } from './http-kube-client.ts';
import { inClusterSettings, isInCluster } from './in-cluster.ts';
import { kubeconfigSettings } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A client for the cluster that KUBECONFIG names (its first file; FAIRLEAD_KUBE_CONTEXT chooses a context),
 * else for the cluster around the pod, else for `~/.kube/config`. HTTPS_PROXY and NO_PROXY are obeyed.
 */
export async function connectToCluster(environment: Environment, clock: Clock): Promise<HttpKubeClient> {
  const settings = await clusterSettings(environment, clock);
  const proxyUrl = settings.proxyUrl ?? proxyFor(settings.server, environment);
  return new HttpKubeClient({ ...settings, ...(proxyUrl !== undefined && { proxyUrl }) }, clock);
}

async function clusterSettings(environment: Environment, clock: Clock): Promise<ConnectionSettings> {
  const file = environment['KUBECONFIG']?.split(':').find((path) => path !== '');
  if (file === undefined && isInCluster(environment)) return inClusterSettings(environment, clock);
  const path = file ?? join(homedir(), '.kube', 'config');
  const context = environment['FAIRLEAD_KUBE_CONTEXT'];
  return kubeconfigSettings({ path, ...(context !== undefined && { context }) }, clock);
}
