// What the engine knows of one instance between two passes.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { DesiredObject } from './desired-object.ts';
import type { Inventory } from './inventory.ts';
import type { Problem } from './problem.ts';

/** What went wrong at the last try with one object. */
export interface ObjectProblem extends Problem {
  /** Of the content that was tried. */
  readonly digest: string;
  /** The content was applied before: what fails is the keeping of it, which the sync status does not speak of. */
  readonly settled: boolean;
}

/** What is known of one desired object besides the cluster's own word. */
export interface ObjectState {
  readonly problem?: ObjectProblem;
  readonly failures: number;
  /** Not to be tried again before; milliseconds since the epoch. */
  readonly retryAtMs: number;
  /** Open differences that are not healed, by policy or because healing waits. */
  readonly drift: number;
  /** Shape of the object when `drift` was counted; the empty string when it was not there. */
  readonly inspectedShape?: string;
}

/** An object of which nothing is known. */
export const NEW_OBJECT: ObjectState = { failures: 0, retryAtMs: 0, drift: 0 };

/** A bundle made ready for one namespace. */
export interface PreparedBundle {
  /** Of what it was made: another bundle, namespace or instance needs another one. */
  readonly key: string;
  readonly objects: readonly DesiredObject[];
  readonly preparedAtMs: number;
  /** Objects whose kind nobody serves yet. */
  readonly unresolved: readonly UnresolvedObject[];
}

/** An object that cannot be placed: it is not known whether it lives in a namespace. */
export interface UnresolvedObject {
  readonly ref: ObjectRef;
  readonly problem: Problem;
}

/** One instance. Only its own pass and the engine change it, never two at a time. */
export interface InstanceState {
  assignment: Assignment;
  inventory: Inventory;
  prepared: PreparedBundle | undefined;
  readonly objects: Map<string, ObjectState>;
  /** What keeps the whole pass from going on, such as a bundle that cannot be fetched. */
  problem: Problem | undefined;
  failures: number;
  held: readonly ObjectRef[];
  heldBecause: string;
  /** Generation of the last pass that came to its end. */
  passedGeneration: number | undefined;
  /** A tombstone was carried out; nothing is left to do. */
  removed: boolean;
  /** A person asked to heal now, whatever the policy says; the next pass does so. */
  healOnce: boolean;
}

/** An instance that was just assigned. */
export function newInstanceState(assignment: Assignment, inventory: Inventory): InstanceState {
  return {
    assignment,
    inventory,
    prepared: undefined,
    objects: new Map(),
    problem: undefined,
    failures: 0,
    held: [],
    heldBecause: '',
    passedGeneration: undefined,
    removed: false,
    healOnce: false,
  };
}
