// What the engine knows of one instance between two passes.
import { isDeepStrictEqual } from 'node:util';
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { DriftBook } from '../drift/drift-book.ts';
import type { HealWish } from '../drift/heal-wish.ts';
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
  /**
   * Digest of our fields when its differences were looked at, or ABSENT: while it stays so, and before `retryAtMs` where
   * that is not 0, there is nothing new to see.
   */
  readonly examined?: string;
}

/** In place of a digest where the object was not there, or did not carry our label. */
export const ABSENT = 'ABSENT';

/** Whether the object's differences were looked at, and neither it nor the time gives reason to look again. */
export function isExamined(
  { examined, retryAtMs }: ObjectState,
  live: { readonly owned: string } | undefined,
  nowMs: number,
): boolean {
  return examined === (live?.owned ?? ABSENT) && (retryAtMs === 0 || retryAtMs > nowMs);
}

/** An object of which nothing is known. */
export const NEW_OBJECT: ObjectState = { failures: 0, retryAtMs: 0 };

/** What an event told: the object, where it is still there, and when the first such event came. */
export interface Suspect {
  readonly object: KubernetesObject | undefined;
  readonly seenAtMs: number;
}

/** A bundle made ready for one namespace. */
export interface PreparedBundle {
  /** Of what it was made: another bundle, namespace or instance needs another one. */
  readonly key: string;
  readonly objects: readonly DesiredObject[];
  readonly byId: ReadonlyMap<string, DesiredObject>;
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
  /** Differences that are open. */
  readonly drift: DriftBook;
  /** Objects of which an event made one suspicious; the next pass need not ask for them. */
  readonly suspects: Map<string, Suspect>;
  /** What keeps the whole pass from going on, such as a bundle that cannot be fetched. */
  problem: Problem | undefined;
  failures: number;
  held: readonly ObjectRef[];
  heldBecause: string;
  /**
   * What the last pass that came to its end was for. It counts while it is the very assignment that is there now: after a
   * restore the hub may give one generation to two contents.
   */
  passed: Assignment | undefined;
  /** Why it is not certain that the inventory names all that has to be removed. */
  doubt: Problem | undefined;
  /** A tombstone was carried out; nothing is left to do. */
  removed: boolean;
  /** What a person asked to heal now, whatever the policy says; the next pass does so. */
  healOnce: readonly HealWish[];
  /** The wishes that the present pass fulfils. */
  healing: readonly HealWish[];
}

/** An instance that was just assigned. */
export function newInstanceState(
  assignment: Assignment,
  inventory: Inventory,
  drift: DriftBook,
): InstanceState {
  return {
    assignment,
    inventory,
    prepared: undefined,
    objects: new Map(),
    drift,
    suspects: new Map(),
    problem: undefined,
    failures: 0,
    held: [],
    heldBecause: '',
    passed: undefined,
    doubt: undefined,
    removed: false,
    healOnce: [],
    healing: [],
  };
}

/** Whether the instance is kept as this assignment says, or on its way there: nothing is to begin anew. */
export function isKeptAlready({ assignment, removed }: InstanceState, given: Assignment): boolean {
  return !removed && isDeepStrictEqual(assignment, given);
}

/** From now on it is kept as that says; what went wrong with the one before says nothing of it. */
export function replaceAssignment(state: InstanceState, assignment: Assignment): void {
  state.objects.clear();
  state.problem = undefined;
  state.failures = 0;
  state.held = [];
  state.heldBecause = '';
  state.assignment = assignment;
  state.removed = false;
}
