import { defineConfig } from 'vitest/config';

// Tests read the workspaces' sources, not their builds; `graphql` is pinned to its CommonJS file because
// Nest loads that one, and two copies of graphql refuse each other's types. No `import` condition here: vitest hands them
// to Node, where even `require` would then get ES modules; Vite adds it by itself.
const resolve = {
  alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  conditions: ['source', 'module-sync', 'node'],
};
const ssr = { resolve: { conditions: resolve.conditions, externalConditions: ['source', 'node'] } };

const project = (name: string, include: string[], timeoutMs: number) => ({
  resolve,
  ssr,
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: Math.max(timeoutMs, 60_000),
    pool: 'forks' as const,
    // Real clusters on a shared machine may stall past a deadline; a second try is told in the output. Never for pure tests.
    retry: process.env['CI'] && name !== 'pure' ? 1 : 0,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      project(
        'pure',
        [
          '{src,protocol/src,health/src,agent/src,sim/src,scripts,bench,demo}/**/*.test.ts',
          'test/{architecture,support}/*.test.ts',
        ],
        10_000,
      ),
      project('contract', ['test/contract/**/*.test.ts'], 60_000),
      project('integration', ['test/integration/**/*.test.ts'], 60_000),
      project('kube', ['test/kube/**/*.test.ts'], 120_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 300_000),
    ],
  },
});
