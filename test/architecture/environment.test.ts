// What import rules cannot say: only the process's own entry and the settings read the environment.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

it('only the settings and run-hub.ts read the environment', () => {
  const readers = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('generated'))
    .filter((file) => readFileSync(join(src, file), 'utf8').includes('process.env'))
    .sort();
  expect(readers).toEqual(['platform/config/settings.ts', 'run-hub.ts']);
});
