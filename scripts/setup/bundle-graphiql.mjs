// GraphiQL, its editor's workers and its style as files that the hub serves itself.
import { build } from 'esbuild';
import { inRoot } from './paths.mjs';

const shared = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
  assetNames: '[name]-[hash]',
  logLevel: 'error',
  outdir: inRoot('dist/graphiql'),
};

await build({
  ...shared,
  entryPoints: { graphiql: inRoot('scripts/setup/graphiql-page.jsx') },
  jsx: 'automatic',
});
await build({
  ...shared,
  entryPoints: {
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
});
