// The simulated clusters in one file, sim/dist/sim.mjs.
import { build } from 'esbuild';
import { root } from './paths.mjs';

await build({
  absWorkingDir: root,
  entryPoints: ['sim/src/main.ts'],
  outfile: 'sim/dist/sim.mjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  conditions: ['source'],
  logLevel: 'warning',
});
