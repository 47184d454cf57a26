// The API's own scalars. Parsed once at the door, so that resolvers get values, not texts.
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { AppError } from '../errors.ts';
import { formatDuration, parseDuration } from '../duration.ts';

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function dateTime(value: unknown): Date {
  const at = typeof value === 'string' && rfc3339.test(value) ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) {
    throw new AppError(
      'INVALID',
      `${JSON.stringify(value)} is no DateTime; write it like 2026-01-31T12:00:00Z.`,
    );
  }
  return at;
}

function duration(value: unknown): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined) {
    throw new AppError(
      'INVALID',
      `${JSON.stringify(value)} is no Duration; write it like 30s, 15m, 24h or 7d.`,
    );
  }
  return ms;
}

function selectorText(value: unknown): string {
  if (typeof value !== 'string')
    throw new AppError('INVALID', 'A LabelSelector is a text, like "env=prod,!edge".');
  return value;
}

function literalText(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}

/** RFC 3339 in UTC; a `Date` inside. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment in RFC 3339, UTC: 2026-01-31T12:00:00.000Z.',
  serialize: (value) => (value instanceof Date ? value : dateTime(value)).toISOString(),
  parseValue: dateTime,
  parseLiteral: (node) => dateTime(literalText(node)),
});

/** Milliseconds inside. */
export const DurationScalar = new GraphQLScalarType<number, string>({
  name: 'Duration',
  description: 'A length of time: "30s", "15m", "24h", "7d".',
  serialize: (value) => formatDuration(Number(value)),
  parseValue: duration,
  parseLiteral: (node) => duration(literalText(node)),
});

/** A text inside; clusters' domain gives it meaning and names what is wrong with it. */
export const LabelSelectorScalar = new GraphQLScalarType<string, string>({
  name: 'LabelSelector',
  description: 'A selector over labels in the syntax of Kubernetes: "env=prod,region in (eu,us),!edge".',
  serialize: String,
  parseValue: selectorText,
  parseLiteral: (node) => selectorText(literalText(node)),
});

/** Any JSON value. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => jsonOf(node, variables ?? {}),
});

function jsonOf(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((item) => jsonOf(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, jsonOf(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
  }
}
