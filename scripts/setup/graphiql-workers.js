// The editor's workers, bundled beside the page: set before anything makes an editor.
const fileOf = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(fileOf[label] ?? 'editor.worker.js', import.meta.url), { type: 'module' }),
};
