// What people ask of a large fleet, through the API, with the fields that a page of a list shows.
import { LATE_APPLICATION } from './fleet-statements.ts';

/** A question, and where its list goes on. */
export interface Question {
  /** Begins the names of its figures: `driftPageMsP95`. */
  readonly name: string;
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Each time with another `top`, so that no answer of a moment ago serves. */
  readonly isAskedAnew?: boolean;
  /** Asked after this many pages of 500, not at the beginning of the list. */
  readonly pagesDeep?: number;
}

const where = 'instance { application { name } environment { name } cluster { name connectionState } }';
const items = `query ($filter: DriftFilter, $first: Int, $after: String) {
  list: driftItems(filter: $filter, first: $first, after: $after) {
    nodes { id object { kind namespace name } path type desired live manager managerClass firstSeenAt stale ${where} }
    pageInfo { hasNextPage endCursor } } }`;
const instances = `query ($filter: InstanceFilter, $first: Int, $after: String) {
  list: instances(filter: $filter, first: $first, after: $after) {
    nodes { id sync health driftCount application { name } environment { name } cluster { name } observedRelease { number } }
    pageInfo { hasNextPage endCursor } } }`;
const facets = `query ($filter: DriftFilter, $by: [DriftDimension!]!, $top: Int) {
  driftFacets(filter: $filter, by: $by, top: $top) { by value items instances clusters } }`;
const episodes = `query ($filter: DriftFilter, $first: Int, $after: String) {
  list: driftEpisodes(filter: $filter, first: $first, after: $after) {
    nodes { id object { kind name } path manager openedAt closedAt closedBy ${where} } pageInfo { hasNextPage endCursor } } }`;
const offenders = `query ($from: DateTime!, $to: DateTime!) {
  driftOffenders(from: $from, to: $to) { manager objectKind path episodes clusters medianOpen lastAt } }`;

const selector = 'env=prod,region in (eu,us),!edge';
const dimensions = ['APPLICATION', 'ENVIRONMENT', 'OBJECT_KIND', 'MANAGER', 'PATH'];

/** About what is open. */
const openDrift: readonly Question[] = [
  { name: 'driftPage', operation: items, variables: { filter: {} } },
  { name: 'driftPageDeep', operation: items, variables: { filter: { environment: 'prod' } }, pagesDeep: 6 },
  { name: 'driftPageSelectorDeep', operation: items, variables: { filter: { selector } }, pagesDeep: 1 },
  {
    name: 'driftPageAllFilters',
    operation: items,
    variables: {
      filter: {
        selector,
        objectKind: 'ConfigMap',
        managerClass: ['PERSON'],
        olderThan: '1h',
        excepted: false,
      },
    },
  },
  {
    name: 'driftPageOfApplication',
    operation: items,
    variables: { filter: { application: LATE_APPLICATION } },
  },
  {
    name: 'facetsSelector',
    operation: facets,
    variables: { filter: { selector }, by: dimensions },
    isAskedAnew: true,
  },
  { name: 'facetsFleet', operation: facets, variables: { filter: {}, by: dimensions } },
  {
    name: 'facetsFleetAnew',
    operation: facets,
    variables: { filter: {}, by: dimensions },
    isAskedAnew: true,
  },
];

/** All of them; `from` and `to` are about the last week. */
export function questionsOf(now: Date): readonly Question[] {
  const weekAgo = new Date(now.getTime() - 7 * 24 * 3_600_000).toISOString();
  return [
    ...openDrift,
    {
      name: 'notOnRelease',
      operation: instances,
      variables: { filter: { application: LATE_APPLICATION, notOnRelease: 2 } },
    },
    {
      name: 'notOnReleaseSelector',
      operation: instances,
      variables: {
        filter: { application: LATE_APPLICATION, environment: 'prod', notOnRelease: 2, selector },
      },
    },
    {
      name: 'driftedInstancesDeep',
      operation: instances,
      variables: { filter: { drifted: true } },
      pagesDeep: 4,
    },
    { name: 'failedInstances', operation: instances, variables: { filter: { sync: ['FAILED'] } } },
    {
      name: 'degradedOfEnvironment',
      operation: instances,
      variables: { filter: { environment: 'dev', health: ['DEGRADED'] } },
    },
    {
      name: 'episodesDeep',
      operation: episodes,
      variables: { filter: { environment: 'prod' } },
      pagesDeep: 4,
    },
    { name: 'offendersOfWeek', operation: offenders, variables: { from: weekAgo, to: now.toISOString() } },
  ];
}
