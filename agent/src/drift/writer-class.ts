// What sort of writer a field manager is, from its name. Pure: names are all that the API server tells.
import type { ManagerClass } from '@fairlead/protocol/drift';

/** Deployment tools that write objects on behalf of some source, as Fairlead does. */
const GITOPS =
  /^(argocd|argo-cd|flux|gotk|kustomize-controller|helm-controller|source-controller|helm$|fleet|kapp|configsync|config-sync|terraform|hashicorp|pulumi|werf|skaffold)/i;
/** Programs that write on their own behalf, by the names that they usually give themselves. */
const CONTROLLER =
  /controller|operator|scheduler|kubelet|autoscaler|webhook|injector|provisioner|reconciler|-manager$|^manager$|^kube-|^cluster-|^istio|^linkerd|^karpenter|^keda|^velero|^cert-manager|^external-/i;
/** What people write with: kubectl's commands, consoles, browsers, scripts. */
const PERSON =
  /^(kubectl|k9s|lens|openlens|node-fetch|mozilla|chrome|safari|dashboard|headlamp|octant|rancher$|rancher-ui|oc$|curl|python-requests|okhttp)/i;

/** UNKNOWN where the name tells nothing: programs of one's own are called anything. */
export function writerClassOf(name: string | undefined): ManagerClass {
  if (name === undefined || name === '') return 'UNKNOWN';
  if (GITOPS.test(name)) return 'GITOPS';
  if (PERSON.test(name)) return 'PERSON';
  return CONTROLLER.test(name) ? 'CONTROLLER' : 'UNKNOWN';
}
