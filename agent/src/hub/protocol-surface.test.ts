// Guards the part of the hub's schema that agents use: it changes only together with the protocol version, so that a
// hub and an agent of different age know of it before they misunderstand each other.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { PROTOCOL_VERSION, protocolHistory } from '@fairlead/protocol/protocol-version';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLType,
} from 'graphql';
import { describe, expect, it } from 'vitest';

/** What each version's surface was. A change of the surface adds a version here, in the history, and nothing else. */
const SURFACES: Readonly<Record<number, string>> = {
  1: '91db9c3f3ddc6be3d67c664b3578db684fa3b3b6d3ae77b9520d7edf9a1a975e',
  2: 'c5cf8db3711bddfcf248be34fffd4fa2e0ba1d3c91d7e3a81ddb59f659353b8a',
  3: '05354b39377a3bf2d26aa029c1804f634e5a6a9cbf2e5e3e6f08c2628e35a694',
  4: 'b5753fb56d2d95b0de289e4f56df8cdbcf44937d8d8e83ff985f09c4b6842cdc',
};

const operations = new URL('operations/', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'));

/** One line for each field that an operation asks for, and for each member of what it sends; no descriptions. */
function surfaceOf(texts: readonly string[]): string[] {
  const lines = new Set<string>();
  const info = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(info, {
    Field: () => {
      const field = info.getFieldDef();
      const parent = info.getParentType();
      if (!field || !parent) throw new Error('an operation asks for a field that the schema does not have');
      lines.add(`${parent.name}.${fieldLine(field)}`);
      addMembers(lines, field.type);
      for (const { type } of field.args) addMembers(lines, type);
    },
  });
  for (const text of texts) visit(parse(text), visitor);
  return [...lines].sort();
}

function fieldLine({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args.map((arg) => `${arg.name}: ${String(arg.type)} = ${JSON.stringify(arg.defaultValue)}`);
  return `${name}(${given.sort().join(', ')}): ${String(type)}`;
}

function addMembers(lines: Set<string>, type: GraphQLType): void {
  const named: GraphQLNamedType = getNamedType(type);
  if (isEnumType(named)) {
    for (const { name } of named.getValues()) lines.add(`${named.name} = ${name}`);
  }
  if (!isInputObjectType(named) || lines.has(named.name)) return;
  lines.add(named.name);
  for (const field of Object.values(named.getFields())) {
    lines.add(`${named.name}.${field.name}: ${String(field.type)} = ${JSON.stringify(field.defaultValue)}`);
    addMembers(lines, field.type);
  }
}

const files = readdirSync(operations).filter((name) => name.endsWith('.graphql'));
const surface = surfaceOf(files.map((name) => readFileSync(new URL(name, operations), 'utf8')));

describe('the part of the schema that agents use', () => {
  it('changes only together with the protocol version', () => {
    const hash = createHash('sha256').update(surface.join('\n')).digest('hex');
    expect(
      hash,
      'raise PROTOCOL_VERSION with a line in protocolHistory, decide on MIN_PROTOCOL_VERSION, and record this hash',
    ).toBe(SURFACES[PROTOCOL_VERSION]);
  });

  it('has a line of history and a surface for each version', () => {
    const versions = Array.from({ length: PROTOCOL_VERSION }, (_, index) => String(index + 1));
    expect(Object.keys(protocolHistory)).toEqual(versions);
    expect(Object.keys(SURFACES)).toEqual(versions);
  });

  it('holds what agents send and what they ask for', () => {
    expect(surface).toContain('ReportVerdict = STALE');
    expect(surface.some((line) => line.startsWith('Query.assignments('))).toBe(true);
    expect(surface.some((line) => line.startsWith('InstanceReportInput.contentHash'))).toBe(true);
    expect(surface.some((line) => line.startsWith('Query.applications'))).toBe(false);
  });
});
