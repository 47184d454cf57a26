// Where a tool is taken from, on machines made of temp folders.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateTools } from './locate-tools.mjs';

const KUBE_FILES = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

describe('locateTools', () => {
  let machine: string;

  beforeEach(() => {
    machine = mkdtempSync(path.join(tmpdir(), 'fairlead-machine-'));
  });
  afterEach(() => rmSync(machine, { recursive: true }));

  const at = (...parts: string[]) => path.join(machine, ...parts);
  const environment = () => ({ HOME: at('home'), PATH: at('bin') });

  function program(file: string, output = '') {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), `#!/bin/sh\necho '${output}'\n`);
    chmodSync(at(file), 0o755);
  }

  /** The folder in which a build would put the tool, as the reason of its absence names it. */
  function cacheOf(tool: 'kube' | 'kwok', env: NodeJS.ProcessEnv) {
    const folder = /is not in (\S+)$/.exec(locateTools([tool], env).missing[0]?.reason ?? '')?.[1];
    if (folder === undefined) throw new Error(`${tool} was found where it should not be`);
    return path.relative(machine, folder);
  }

  it('finds nothing on an empty machine, and says that a build would help', () => {
    const { paths, missing } = locateTools(['kube', 'helm'], environment());
    expect(paths).toEqual({});
    expect(missing.map(({ tool, buildable }) => [tool, buildable])).toEqual([
      ['kube', true],
      ['helm', true],
    ]);
    expect(missing[0]?.reason).toMatch(
      /kube v1\.\d+\.\d+ is not in .*home\/\.cache\/fairlead\/tools\/kube-v1/,
    );
  });

  it('keeps the cache under XDG_CACHE_HOME when that is absolute', () => {
    expect(cacheOf('kube', { ...environment(), XDG_CACHE_HOME: at('xdg') })).toMatch(
      /^xdg\/fairlead\/tools\//,
    );
    expect(cacheOf('kube', { ...environment(), XDG_CACHE_HOME: 'xdg' })).toMatch(/^home\/\.cache\//);
  });

  it('takes programs from the cache once all files of the tool are there', () => {
    const cache = cacheOf('kube', environment());
    for (const file of KUBE_FILES.slice(1)) program(path.join(cache, file));
    expect(locateTools(['kube'], environment()).missing).toHaveLength(1);
    program(path.join(cache, 'kube-apiserver'));
    const { paths, missing } = locateTools(['kube'], environment());
    expect(missing).toEqual([]);
    expect(paths['kube-apiserver']).toBe(at(cache, 'kube-apiserver'));
  });

  it('prefers KUBEBUILDER_ASSETS, and takes a tool from it whole or not at all', () => {
    const cache = cacheOf('kube', environment());
    for (const file of KUBE_FILES) program(path.join(cache, file));
    program('assets/kube-apiserver');
    program('assets/etcd');
    const env = { ...environment(), KUBEBUILDER_ASSETS: at('assets') };
    const partial = locateTools(['kube', 'etcd'], env);
    expect(partial.paths).toMatchObject({
      etcd: at('assets/etcd'),
      'kube-apiserver': at(cache, 'kube-apiserver'),
    });
    for (const file of KUBE_FILES) program(path.join('assets', file));
    expect(locateTools(['kube'], env).paths['kube-scheduler']).toBe(at('assets/kube-scheduler'));
  });

  it.each([
    ['helm', 'v3.19.1+g4f953c2', true],
    ['helm', 'v4.0.0', true],
    ['helm', 'v2.17.0', false],
    ['kustomize', 'v5.4.2', true],
    ['kustomize', '{Version:kustomize/v4.5.7 GitCommit:56d82a8}', false],
    ['kustomize', '(devel)', false],
  ] as const)('asks a %s on PATH for its version: %s is good enough: %s', (tool, version, isGood) => {
    program(`bin/${tool}`, version);
    expect(locateTools([tool], environment()).paths[tool]).toBe(isGood ? at('bin', tool) : undefined);
  });

  it('takes the helm that FAIRLEAD_HELM names, whatever is on PATH', () => {
    program('bin/helm', 'v4.0.0');
    program('own/helm');
    const env = { ...environment(), FAIRLEAD_HELM: at('own/helm') };
    expect(locateTools(['helm'], env).paths['helm']).toBe(at('own/helm'));
  });

  it('does not pass over a FAIRLEAD_HELM that names no program', () => {
    program('bin/helm', 'v4.0.0');
    const { missing } = locateTools(['helm'], { ...environment(), FAIRLEAD_HELM: at('own/helm') });
    expect(missing).toMatchObject([{ tool: 'helm', buildable: false }]);
    expect(missing[0]?.reason).toContain('FAIRLEAD_HELM');
  });
});
