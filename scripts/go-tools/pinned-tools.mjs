// The Go programs that tests and renders need: which module pins each (tools/<name>/go.mod), which files it
// gives, and the folder of the user's cache that holds them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS_FOLDER = fileURLToPath(new URL('../../tools', import.meta.url));

const kubeVersionFlags = (version) => {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
};

/**
 * `binaries`: file name to Go package. `copies`: file name to path inside the module, for what the program reads
 * while it runs, because Go and its module cache may be absent then. `versionFlags`: what the project's own
 * release build stamps into the program; without it the program reports a development version.
 */
const TOOLS = {
  kube: {
    module: 'k8s.io/kubernetes',
    binaries: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
    },
    copies: {},
    versionFlags: kubeVersionFlags,
  },
  etcd: {
    module: 'go.etcd.io/etcd/server/v3',
    binaries: { etcd: 'go.etcd.io/etcd/server/v3' },
    copies: {},
    versionFlags: () => [],
  },
  kwok: {
    module: 'sigs.k8s.io/kwok',
    binaries: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    copies: {
      'kwok-stages/node-initialize.yaml': 'kustomize/stage/node/fast/node-initialize.yaml',
      'kwok-stages/node-heartbeat-with-lease.yaml':
        'kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
      'kwok-stages/pod-ready.yaml': 'kustomize/stage/pod/fast/pod-ready.yaml',
      'kwok-stages/pod-complete.yaml': 'kustomize/stage/pod/fast/pod-complete.yaml',
      'kwok-stages/pod-delete.yaml': 'kustomize/stage/pod/fast/pod-delete.yaml',
      'kwok-stages/pod-container-running-failed.yaml':
        'kustomize/stage/pod/chaos/pod-container-running-failed.yaml',
    },
    versionFlags: () => [],
  },
  helm: {
    module: 'helm.sh/helm/v4',
    binaries: { helm: 'helm.sh/helm/v4/cmd/helm' },
    copies: {},
    versionFlags: (version) => [`-X helm.sh/helm/v4/internal/version.version=${version}`],
  },
  kustomize: {
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    binaries: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' },
    copies: {},
    versionFlags: (version) => [`-X sigs.k8s.io/kustomize/api/provenance.version=${version}`],
  },
};

/** Every tool's name, in the order in which they are built. */
export const TOOL_NAMES = Object.keys(TOOLS);

/** The tools that a word of the command line stands for: a control plane is nothing without its etcd and kwok. */
export function toolsNamed(word) {
  if (word === 'kube') return ['kube', 'etcd', 'kwok'];
  if (word in TOOLS) return [word];
  throw new Error(`there is no tool "${word}"; known are ${TOOL_NAMES.join(', ')}`);
}

/** A tool as its module pins it: recipe, pinned version, folder of its module, names of all its files. */
export function pinnedTool(name) {
  const tool = TOOLS[name];
  if (tool === undefined) throw new Error(`there is no tool "${name}"; known are ${TOOL_NAMES.join(', ')}`);
  const moduleFolder = path.join(TOOLS_FOLDER, name);
  const goMod = readFileSync(path.join(moduleFolder, 'go.mod'), 'utf8').replaceAll('\r\n', '\n');
  const version = pinnedVersion(goMod, tool.module);
  if (version === undefined) throw new Error(`tools/${name}/go.mod does not require ${tool.module}`);
  const { binaries, copies, module } = tool;
  const versionFlags = tool.versionFlags(version);
  const recipe = JSON.stringify([goMod, binaries, copies, versionFlags]);
  const files = [...Object.keys(binaries), ...Object.keys(copies)];
  return { name, module, version, moduleFolder, binaries, copies, versionFlags, files, key: digest(recipe) };
}

function pinnedVersion(goMod, module) {
  const line = goMod.split('\n').find((text) =>
    text
      .trim()
      .replace(/^require /, '')
      .startsWith(`${module} v`),
  );
  return line
    ?.trim()
    .split(' ')
    .at(line.trim().startsWith('require ') ? 2 : 1);
}

const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/**
 * Where the built files of a tool are kept: outside the checkout, so that a fresh clone finds them, and under a
 * key of everything that goes into the build, so that a changed pin never meets an old binary.
 */
export function cacheFolder(tool, env) {
  const { XDG_CACHE_HOME: named = '', HOME: home = homedir() } = env;
  const root = path.isAbsolute(named) ? named : path.join(home, '.cache'); // the XDG rule: a relative path counts as unset
  const leaf = `${tool.name}-${tool.version}-${tool.key}-${process.platform}-${process.arch}`;
  return path.join(root, 'fairlead', 'tools', leaf);
}
