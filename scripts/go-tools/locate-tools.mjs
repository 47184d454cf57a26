// Finds the pinned programs on this machine without building anything: what the environment names, what is on
// PATH and new enough, what an earlier build left in the user's cache.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, pinnedTool } from './pinned-tools.mjs';

/** Programs of the user's own that serve as well as the pinned ones. Other versions render or flag differently. */
const OWN_PROGRAMS = {
  helm: { variable: 'FAIRLEAD_HELM', versionArguments: ['version', '--short'], majors: ['3', '4'] },
  kustomize: { variable: 'FAIRLEAD_KUSTOMIZE', versionArguments: ['version'], majors: ['5'] },
};

const CONTROL_PLANE = ['kube', 'etcd', 'kwok'];

/** See locate-tools.d.mts. */
export function locateTools(names, env = process.env) {
  const paths = {};
  const missing = [];
  for (const name of names) {
    const search = locate(pinnedTool(name), env);
    if (search.paths === undefined)
      missing.push({ tool: name, reason: search.reason, buildable: search.buildable });
    else Object.assign(paths, search.paths);
  }
  return { paths, missing };
}

function locate(tool, env) {
  const own = OWN_PROGRAMS[tool.name];
  const named = own && env[own.variable];
  if (named) return namedProgram(tool, named, own);
  const fromPath = own && programOnPath(tool.name, own, env);
  if (fromPath) return { paths: { [tool.name]: fromPath } };
  const folders = [cacheFolder(tool, env)];
  if (CONTROL_PLANE.includes(tool.name) && env.KUBEBUILDER_ASSETS) folders.unshift(env.KUBEBUILDER_ASSETS);
  const folder = folders.find((candidate) => holdsAll(candidate, tool));
  if (folder) return { paths: Object.fromEntries(tool.files.map((file) => [file, path.join(folder, file)])) };
  return { reason: `${tool.name} ${tool.version} is not in ${folders.join(' nor in ')}`, buildable: true };
}

// A path that the user named is never passed over in silence for another one.
function namedProgram(tool, file, { variable }) {
  if (isProgram(file)) return { paths: { [tool.name]: path.resolve(file) } };
  const reason = `${tool.name}: ${variable} names ${file}, which is not a program; correct it or unset it`;
  return { reason, buildable: false };
}

// A tool's files are taken from one folder or not at all: a controller manager newer than its API server, or
// kwok with another release's stages, is a cluster that exists nowhere else.
const holdsAll = (folder, tool) =>
  tool.files.every((file) => (file in tool.binaries ? isProgram : isFile)(path.join(folder, file)));

function programOnPath(name, own, env) {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const file = folders.map((folder) => path.join(folder, name)).find(isProgram);
  return file && own.majors.includes(majorVersion(file, own.versionArguments)) ? file : undefined;
}

function majorVersion(file, versionArguments) {
  try {
    const output = execFileSync(file, versionArguments, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      maxBuffer: 64 * 1024,
    });
    return /\bv(\d+)\.\d/.exec(output)?.[1];
  } catch {
    return undefined; // not one that can be asked, so not one to rely on
  }
}

const isFile = (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return isFile(file);
  } catch {
    return false;
  }
}
