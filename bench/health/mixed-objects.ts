// Objects of many kinds in many states: the manifests on which the health rules are shown.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { parseDocument } from 'yaml';

const folder = fileURLToPath(new URL('../../health/testdata/', import.meta.url));

/** One of each file; the pods that some files hold besides are left out, as for a first judgement. */
export function mixedObjects(): readonly KubernetesObject[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const [first = ''] = readFileSync(`${folder}${name}`, 'utf8').split(/^---$/m);
      return parseDocument(first).toJS() as KubernetesObject;
    });
}
