// What the agent knows of its assignments, and how an answer of the hub changes it. Pure.
import type { Assignment } from '@fairlead/protocol/assignment';

/** One instance: what is assigned, and the bundle that was assigned before, which is kept on disk too. */
export interface KnownAssignment {
  readonly assignment: Assignment;
  readonly previousBundle: string | undefined;
}

/** Health rules that hold for every instance, and the hub's name for their content; null where there are none. */
export interface HubHealthRules {
  readonly digest: string | null;
  readonly rules: readonly object[];
}

/** Everything, as of one generation of one epoch. `epoch` is undefined before the first answer. */
export interface KnownAssignments {
  readonly epoch: string | undefined;
  readonly generation: number;
  readonly byInstance: ReadonlyMap<string, KnownAssignment>;
  readonly healthRules: HubHealthRules;
}

/** An answer of the hub, all its pages put together. */
export interface AssignmentsAnswer {
  readonly epoch: string;
  readonly generation: number;
  readonly isFull: boolean;
  readonly assignments: readonly Assignment[];
  readonly healthRules: HubHealthRules;
}

/** What follows from an answer. */
export interface MergeResult {
  readonly known: KnownAssignments;
  /** A full compare: these and no others. Otherwise these changed. */
  readonly isFull: boolean;
  readonly changed: readonly Assignment[];
  /** Known here and not at the hub: reported as orphaned and left alone. Only a tombstone removes. */
  readonly orphaned: readonly Assignment[];
}

/** Before the first answer. */
export const NOTHING_KNOWN: KnownAssignments = {
  epoch: undefined,
  generation: 0,
  byInstance: new Map(),
  healthRules: { digest: null, rules: [] },
};

/** Takes an answer. Another epoch, or a generation ahead of the hub's, is only taken from a full answer. */
export function mergeAnswer(known: KnownAssignments, answer: AssignmentsAnswer): MergeResult {
  const { epoch, generation, isFull, assignments } = answer;
  const arrived = new Map(
    assignments.map((assignment) => [assignment.instance, nextOf(known, assignment)] as const),
  );
  const byInstance = isFull ? arrived : new Map([...known.byInstance, ...arrived]);
  const gone = [...known.byInstance].filter(([instance]) => !byInstance.has(instance));
  // A removal that was carried out is forgotten at the hub too: nothing of it is left to be orphaned.
  const orphaned = gone
    .map(([, { assignment }]) => assignment)
    .filter((assignment) => assignment.tombstone === undefined);
  const { healthRules } = answer;
  return { known: { epoch, generation, byInstance, healthRules }, isFull, changed: assignments, orphaned };
}

/** Whether only a full answer can be believed: it is of another database, or of an older state of the same one. */
export function needsFullAnswer(
  known: KnownAssignments,
  { epoch, generation }: Pick<AssignmentsAnswer, 'epoch' | 'generation'>,
): boolean {
  return known.epoch !== epoch || known.generation > generation;
}

/** Forgets instances whose removal the hub has acknowledged. */
export function withoutInstances(known: KnownAssignments, instances: Iterable<string>): KnownAssignments {
  const gone = new Set(instances);
  const kept = [...known.byInstance].filter(([instance]) => !gone.has(instance));
  return { ...known, byInstance: new Map(kept) };
}

/** Digests of the bundles worth keeping: the last two of each instance. */
export function bundlesToKeep({ byInstance }: KnownAssignments): ReadonlySet<string> {
  const kept = [...byInstance.values()].flatMap(({ assignment, previousBundle }) => [
    assignment.bundle,
    ...(previousBundle === undefined ? [] : [previousBundle]),
  ]);
  return new Set(kept);
}

function nextOf(known: KnownAssignments, assignment: Assignment): KnownAssignment {
  const before = known.byInstance.get(assignment.instance);
  if (before?.assignment.bundle === assignment.bundle) {
    return { assignment, previousBundle: before.previousBundle };
  }
  return { assignment, previousBundle: before?.assignment.bundle };
}
