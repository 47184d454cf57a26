// A large application: ConfigMaps full of text that hardly compresses, of which one line changes.
import { createHash } from 'node:crypto';
import type { Files } from '../content/bench-repository.ts';
import { smallApplication } from '../content/small-applications.ts';

/** The application that has it all. */
export const LARGE = smallApplication(0);

const FILE_BYTES = 500_000; // A ConfigMap may have 1 MiB
const LINE_BYTES = 64;

/** About so many bytes; `release` is in the last line of the last file alone. */
export function largeFiles(bytes: number, release: number): Files {
  const files = Math.max(1, Math.round(bytes / FILE_BYTES));
  return new Map(
    Array.from({ length: files }, (_, index) => {
      const last = index === files - 1 ? `    release ${release}\n` : '';
      return [`${LARGE.folder}/part-${index}.yaml`, configMap(index) + last];
    }),
  );
}

function configMap(index: number): string {
  const count = Math.floor(FILE_BYTES / (LINE_BYTES + 5));
  const lines = Array.from({ length: count }, (_, line) => `    ${lineOf(`${index}/${line}`)}`);
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: part-${index}
data:
  text: |
${lines.join('\n')}
`;
}

/** The same each time, so that runs can be compared. */
const lineOf = (seed: string) => createHash('sha512').update(seed).digest('base64').slice(0, LINE_BYTES);
