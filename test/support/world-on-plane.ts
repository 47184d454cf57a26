// A real control plane as the cluster of an agent's world.
import { readFileSync } from 'node:fs';
import type { WorldCluster } from './agent-world.ts';
import type { ControlPlane } from './control-plane.ts';

/** The plane goes on when the world ends. */
export function worldOnPlane(plane: ControlPlane): WorldCluster {
  return {
    server: plane.server,
    kubeconfig: JSON.parse(readFileSync(plane.kubeconfigPath, 'utf8')) as object,
    stop: () => Promise.resolve(),
    ask: async (method, path, body) => {
      const answer = await plane.api(method, path, body);
      return answer.status === 404 ? undefined : answer.body;
    },
  };
}
