// Builds the agent into agent/dist: agent.mjs, and chunks beside it that are loaded only when they are needed (the big
// Kubernetes client for kubeconfig logins, YAML for kubeconfig files).
// Usage: node scripts/build-agent.mjs
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const agent = join(root, 'agent');
const { version } = JSON.parse(await readFile(join(agent, 'package.json'), 'utf8'));

await rm(join(agent, 'dist'), { recursive: true, force: true });
await build({
  entryPoints: [{ in: join(agent, 'src/main.ts'), out: 'agent' }],
  outdir: join(agent, 'dist'),
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  conditions: ['source'],
  // Loaded lazily, a CommonJS module would lose its named exports; this is the same parser as an ES module.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  define: { FAIRLEAD_VERSION: JSON.stringify(version) },
  // Dependencies in CommonJS ask for Node's own modules with `require`, which an ES module does not have.
  banner: {
    js: "import { createRequire as fairleadRequire } from 'node:module'; const require = fairleadRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
});
