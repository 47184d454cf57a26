// The types of locate-tools.mjs, for the tests and the demo.

/** `kube` is the API server, the controller manager and the scheduler. */
export type ToolName = 'kube' | 'etcd' | 'kwok' | 'helm' | 'kustomize';

/** A tool that is not on this machine. `reason` is for people; not `buildable`: a setting is wrong, a build is no answer. */
export interface MissingTool {
  readonly tool: ToolName;
  readonly reason: string;
  readonly buildable: boolean;
}

/** `paths`: absolute path by file name (`kube-apiserver`, `helm`, `kwok-stages/pod-ready.yaml`). */
export interface ToolSearch {
  readonly paths: Readonly<Record<string, string>>;
  readonly missing: readonly MissingTool[];
}

/**
 * Looks, in this order, at what `env` names (`FAIRLEAD_HELM`, `FAIRLEAD_KUSTOMIZE`, `KUBEBUILDER_ASSETS`), at PATH
 * (helm 3 or 4, kustomize 5), and at the user's cache of built tools. Never builds and never needs Go.
 */
export function locateTools(names: readonly ToolName[], env?: NodeJS.ProcessEnv): ToolSearch;
