// What a person does to a cluster behind Git's back: with kubectl where there is one, else by the requests that it sends.
import type { ControlPlane } from '../../support/control-plane.ts';
import { kubectlOnPath } from '../../support/kubectl.ts';

const DEPLOYMENT = '/apis/apps/v1/namespaces/shop/deployments/web';
const STRATEGIC = 'application/strategic-merge-patch+json';
const MERGE = 'application/merge-patch+json';

/** `kubectl set image deployment/web web=IMAGE`. */
export async function setImage(plane: ControlPlane, image: string): Promise<void> {
  if (kubectlOnPath()) await plane.kubectl('set', 'image', 'deployment/web', `web=${image}`, '-n', 'shop');
  else {
    const patch = { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } };
    await plane.api('PATCH', `${DEPLOYMENT}?fieldManager=kubectl-set`, patch, STRATEGIC);
  }
}

/** `kubectl scale deployment/web --replicas=COUNT`. */
export async function scale(plane: ControlPlane, replicas: number): Promise<void> {
  if (kubectlOnPath()) await plane.kubectl('scale', 'deployment/web', `--replicas=${replicas}`, '-n', 'shop');
  else await plane.api('PATCH', `${DEPLOYMENT}/scale?fieldManager=kubectl`, { spec: { replicas } }, MERGE);
}

/** `kubectl delete KIND NAME`, for a Service or a ConfigMap. */
export async function remove(
  plane: ControlPlane,
  kind: 'services' | 'configmaps',
  name: string,
): Promise<void> {
  if (kubectlOnPath()) await plane.kubectl('delete', kind, name, '-n', 'shop', '--wait=false');
  else await plane.api('DELETE', `/api/v1/namespaces/shop/${kind}/${name}`);
}
