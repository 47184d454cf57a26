// Prisma's schema engine as WebAssembly: it compares schemas without a network, a binary or (here) a database.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const require = createRequire(import.meta.url);

/** Instantiated by hand: importing the package's own entry prints an ExperimentalWarning. */
async function loadEngineModule() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const bytes = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  bindings['__wbg_set_wasm'](instance.exports);
  instance.exports['__wbindgen_start']();
  return bindings;
}

const refuseSql = () => Promise.reject(new Error('a comparison of schemas needs no database'));

/** The one thing it asks: does the schema exist, and which Postgres is it? Column types: boolean 5, text 7, int32 0. */
const oldestServed = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [5, 7, 0],
  rows: [[true, 'PostgreSQL 15.0', 150_000]],
};

/** The engine demands a connection even where it only compares texts; this one answers nothing but its version. */
const noDatabase = {
  provider: 'postgres',
  adapterName: 'none',
  connect: () =>
    Promise.resolve({
      provider: 'postgres',
      adapterName: 'none',
      getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: false }),
      queryRaw: ({ sql }) => (sql.includes('numeric_version') ? Promise.resolve(oldestServed) : refuseSql()),
      executeRaw: refuseSql,
      executeScript: refuseSql,
      startTransaction: refuseSql,
      dispose: () => Promise.resolve(),
    }),
  connectToShadowDb: refuseSql,
};

const empty = { tag: 'empty' };
const datamodel = (path, content) => ({ tag: 'schemaDatamodel', files: [{ path, content }] });

/** The SQL that leads from one schema text (`undefined`: nothing) to another. */
export async function diffSchemas(from, to) {
  const bindings = await loadEngineModule();
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', to]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(noDatabase),
  );
  try {
    const answer = await engine.diff({
      from: from === undefined ? empty : datamodel('from.prisma', from),
      to: datamodel('schema.prisma', to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return answer.stdout;
  } finally {
    engine.free();
  }
}
