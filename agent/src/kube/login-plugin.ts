// Logins of a kubeconfig that need a program or a provider (exec, OIDC). The big client is loaded for these alone.
import type { Authorization } from './connection-settings.ts';

/** Authorization by the kubeconfig's exec or auth-provider entry; the login's own caching applies. */
export function pluginAuthorization(path: string, context: string | undefined): Authorization {
  let loaded: Promise<{ applyToHTTPSOptions(options: { headers?: unknown }): Promise<void> }> | undefined;
  return async () => {
    loaded ??= load(path, context);
    const options: { headers: Record<string, string> } = { headers: {} };
    await (await loaded).applyToHTTPSOptions(options);
    return options.headers['Authorization'] ?? options.headers['authorization'];
  };
}

async function load(path: string, context: string | undefined) {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(path);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}
