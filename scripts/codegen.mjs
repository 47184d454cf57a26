// Writes the types of the agent's GraphQL operations, and their texts, from schema.graphql and the .graphql files.
// Usage: node scripts/codegen.mjs [--schema FILE]. Writes nothing where nothing changed.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { codegen } from '@graphql-codegen/core';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { buildSchema, parse, print, validate } from 'graphql';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const operations = join(root, 'agent/src/hub/operations');
const output = join(root, 'agent/src/hub/generated/operations.ts');

// What the hub's scalars are on the wire.
const scalars = {
  ID: 'string',
  DateTime: 'string',
  JSON: 'unknown',
  Duration: 'string',
  LabelSelector: 'string',
};

// Erasable TypeScript only, since Node runs the agent's sources as they are.
const config = {
  enumType: 'string-literal',
  useTypeImports: true,
  immutableTypes: true,
  skipTypename: true,
  scalars,
};

async function documentsOf(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const rawSDL = await readFile(join(folder, name), 'utf8');
      return { location: join(folder, name), rawSDL, document: parse(rawSDL, { noLocation: true }) };
    }),
  );
}

function check(schema, documents) {
  const problems = documents.flatMap(({ location, document }) =>
    validate(schema, document).map((error) => `${relative(root, location)}: ${error.message}`),
  );
  if (problems.length > 0) throw new Error(`operations do not fit the schema:\n${problems.join('\n')}`);
}

/** `joinCluster`, `agentHello` …: one constant an operation, typed by what it answers and what it takes. */
function constants(documents) {
  return documents
    .flatMap(({ document }) => document.definitions)
    .map((operation) => {
      const name = operation.name.value;
      const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
      const constant = name[0].toLowerCase() + name.slice(1);
      const text = JSON.stringify(print(operation));
      return `export const ${constant}: Operation<${name}${kind}, ${name}${kind}Variables> = { name: '${name}', text: ${text} };`;
    });
}

async function generate(schemaFile) {
  const schemaText = await readFile(schemaFile, 'utf8');
  const documents = await documentsOf(operations);
  check(buildSchema(schemaText), documents);
  const types = await codegen({
    filename: output,
    schema: parse(schemaText),
    documents,
    plugins: [{ operationTypes: {} }],
    pluginMap: { operationTypes },
    config,
  });
  const head = `// Made by scripts/codegen.mjs from schema.graphql and agent/src/hub/operations; not edited by hand.\nimport type { Operation } from '../operation.ts';\n`;
  return `${head}\n${types.trim()}\n\n${constants(documents).join('\n')}\n`;
}

const { values } = parseArgs({ options: { schema: { type: 'string' } } });
const text = await generate(values.schema ?? join(root, 'schema.graphql'));
await mkdir(dirname(output), { recursive: true });
if (text !== (await readFile(output, 'utf8').catch(() => ''))) await writeFile(output, text);
