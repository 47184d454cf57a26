// Relay connections: one class per node type, and the way from a page of rows to what the caller gets.
import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType, TypeMetadataStorage } from '@nestjs/graphql';
import { encodeCursor, type CursorPart } from './cursor.ts';

/** More than this in one page is an error that names the limit (page-limit.ts). */
export const MAX_PAGE_SIZE = 500;

/** What `first` is where it is left out, or null. */
export const DEFAULT_PAGE_SIZE = 50;

/** The arguments of every list. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many, 1 to ${MAX_PAGE_SIZE}.`,
  })
  first: number = DEFAULT_PAGE_SIZE;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  after?: string | null;
}

/** One page as stores answer it: ask the database for `first + 1` rows and give `pageOf` all of them. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  /** Where counting is cheap. */
  readonly totalCount?: number;
}

/** Cuts the one row too many off. */
export function pageOf<Row>(rows: readonly Row[], first: number): Page<Row> {
  return { rows: rows.slice(0, first), hasNext: rows.length > first };
}

/** Where a page begins and ends. */
@ObjectType({ description: 'Where this page begins and ends.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page began after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge; `after` of the next page.',
  })
  endCursor?: string | null;
}

/** One entry of a list. */
export interface Edge<Node> {
  readonly node: Node;
  readonly cursor: string;
}

/** What a list field answers. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount?: number | null;
}

const connections = new Map<Type, Type<Connection<unknown>>>();

/**
 * The connection class of a node class, made once: `@Query(() => connectionOf(ClusterType))`.
 * The GraphQL names come from the class name without `Type`: `ClusterConnection`, `ClusterEdge`.
 */
export function connectionOf<Node>(nodeType: Type<Node>): Type<Connection<Node>> {
  const known = connections.get(nodeType) ?? buildConnection(nodeType, nodeType.name.replace(/Type$/, ''));
  connections.set(nodeType, known);
  return known as Type<Connection<Node>>;
}

/**
 * Nest collects classes before it asks `() => connectionOf(…)`, so each class named `…Type` gets its connection before
 * the schema is built. Those that nothing lists do not reach the schema.
 */
export function buildConnections(): void {
  for (const { target } of TypeMetadataStorage.getObjectTypesMetadata()) {
    if (target.name.endsWith('Type')) connectionOf(target as Type);
  }
}

function buildConnection(nodeType: Type, name: string): Type<Connection<unknown>> {
  @ObjectType(`${name}Edge`, { description: `One entry of a list of ${name}.` })
  class NodeEdge {
    @Field(() => nodeType, { description: 'The entry itself.' })
    node!: unknown;

    @Field(() => String, { description: 'Its place in the list; give it as `after`.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${name}, in a stable order.` })
  class NodeConnection implements Connection<unknown> {
    @Field(() => [NodeEdge], { description: 'The entries with their cursors.' })
    edges!: NodeEdge[];

    @Field(() => [nodeType], { description: 'The entries without cursors.' })
    nodes!: unknown[];

    @Field(() => PageInfo, { description: 'Where this page begins and ends.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      nullable: true,
      description: 'How many there are in all, where that is cheap to know.',
    })
    totalCount?: number | null;
  }
  return NodeConnection;
}

/** How rows become nodes. `sortKey` is exactly what the store orders by. */
export interface ConnectionMapping<Row, Node> {
  readonly node: (row: Row) => Node;
  readonly sortKey: (row: Row) => readonly CursorPart[];
}

/** What a resolver returns for a page; `after` is the caller's, for `hasPreviousPage`. */
export function toConnection<Row, Node>(
  page: Page<Row>,
  mapping: ConnectionMapping<Row, Node>,
  after?: string | null,
): Connection<Node> {
  const edges = page.rows.map((row) => ({
    node: mapping.node(row),
    cursor: encodeCursor(mapping.sortKey(row)),
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: after !== undefined && after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount ?? null,
  };
}
