// From what the engine knows of an instance to what it tells the hub. Pure.
import type { HealthVerdict } from '@fairlead/health/health-verdict';
import { missing, unknown } from '@fairlead/health/health-verdict';
import { worstHealth, type ObjectHealth } from '@fairlead/health/worst-health';
import { MAX_REPORTED_OBJECTS, type InstanceReport, type ObjectReport } from '@fairlead/protocol/report';
import { subject, type ObjectRef } from '@fairlead/protocol/resource-id';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import { FIELD_MANAGER } from '@fairlead/protocol/tracking';
import type { DesiredObject } from './desired-object.ts';
import type { InstanceState } from './instance-state.ts';

/** A verdict, and since when its word holds, in milliseconds since the epoch, where that is known. */
export interface DatedVerdict extends HealthVerdict {
  readonly sinceMs?: number;
}

/** What is known of an object's health: a verdict, or whether its absence may be believed. */
export type KnownHealth = (ref: ObjectRef, id: string) => DatedVerdict | 'ABSENT' | 'NOT_WATCHED';

/** The report of an instance; equal facts give equal reports. */
export function reportOf(state: InstanceState, knownHealth: KnownHealth): InstanceReport {
  const { assignment } = state;
  const objects = objectReports(state, knownHealth);
  const sync = syncOf(state, objects);
  const overall = healthOf(state, objects);
  const notable = objects.filter((object) => object.sync !== 'SYNCED' || object.health !== 'HEALTHY');
  return {
    instance: assignment.instance,
    generation: assignment.generation,
    bundle: assignment.bundle,
    sync,
    health: overall.health,
    message: messageOf(state, objects, overall),
    driftCount: state.drift.count,
    ...state.drift.reported(),
    objects: notable.slice(0, MAX_REPORTED_OBJECTS).map(reported),
    truncated: notable.length > MAX_REPORTED_OBJECTS,
    pendingPrune: state.held.slice(0, MAX_REPORTED_OBJECTS),
  };
}

interface JudgedObject extends ObjectReport {
  readonly verdict: DatedVerdict;
  readonly isHook: boolean;
  /** The pass that is under way has not reached it: what is amiss with it is news to nobody yet. */
  readonly isToCome: boolean;
}

function reported({
  verdict: _verdict,
  isHook: _isHook,
  isToCome: _isToCome,
  ...report
}: JudgedObject): ObjectReport {
  return report;
}

function objectReports(state: InstanceState, knownHealth: KnownHealth): readonly JudgedObject[] {
  if (!state.prepared || state.assignment.tombstone) return [];
  const resolved = state.prepared.objects.map((desired) => {
    const { ref, id, runsOnce } = desired;
    const verdict = verdictOf(knownHealth(ref, id), runsOnce && isApplied(state, id));
    return judged(desired, verdict, state);
  });
  const unresolved = state.prepared.unresolved.map(({ ref, problem }) => ({
    ...ref,
    sync: problem.sync,
    health: missing().health,
    message: problem.message,
    verdict: missing(),
    isHook: false,
    isToCome: false,
  }));
  return [...resolved, ...unresolved];
}

function judged(
  { ref, id, isHook }: DesiredObject,
  verdict: DatedVerdict,
  state: InstanceState,
): JudgedObject {
  const problem = state.objects.get(id)?.problem;
  const settledSync = isApplied(state, id) ? 'SYNCED' : 'SYNCING';
  const sync = problem && !problem.settled ? problem.sync : settledSync;
  const isToCome = !problem && !isApplied(state, id) && state.passed !== state.assignment;
  const message = problem?.message ?? (isToCome ? '' : wordsOf(verdict));
  return { ...ref, sync, health: verdict.health, message, verdict, isHook, isToCome };
}

function wordsOf({ health, message }: DatedVerdict): string {
  return health === 'HEALTHY' ? '' : message;
}

function isApplied(state: InstanceState, id: string): boolean {
  return state.inventory.get(id)?.digest !== undefined;
}

function verdictOf(known: ReturnType<KnownHealth>, ranAlready: boolean): DatedVerdict {
  if (known === 'ABSENT') {
    return ranAlready ? { health: 'HEALTHY', reason: 'Ran', message: 'ran and is gone' } : missing();
  }
  return known === 'NOT_WATCHED'
    ? unknown('NotWatched', 'cannot be watched, so nothing is known of it')
    : known;
}

function syncOf(state: InstanceState, objects: readonly JudgedObject[]): SyncStatus {
  if (state.problem) return state.problem.sync;
  if (objects.some((object) => object.sync === 'FAILED')) return 'FAILED';
  if (state.passed !== state.assignment) return 'SYNCING';
  if (objects.some((object) => object.sync === 'SYNCING')) return 'SYNCING';
  const waitsForPerson = state.held.length > 0 || objects.some((object) => object.sync === 'OUT_OF_SYNC');
  return waitsForPerson ? 'OUT_OF_SYNC' : 'SYNCED';
}

function healthOf(state: InstanceState, objects: readonly JudgedObject[]): HealthVerdict {
  if (!state.prepared && !state.removed) return unknown('NotApplied', 'nothing was applied yet');
  const objectHealth: ObjectHealth[] = objects.map(
    ({ verdict, isHook, apiVersion, kind, namespace, name }) => {
      const place = namespace === undefined ? {} : { namespace };
      return { apiVersion, kind, name, ...place, ...verdict, isHook };
    },
  );
  return worstHealth(objectHealth);
}

/** The first thing that a person should know: what stops the pass, what was refused, what is held, what ails. */
function messageOf(state: InstanceState, objects: readonly JudgedObject[], overall: HealthVerdict): string {
  if (state.problem) return state.problem.message;
  const unapplied = objects.filter((object) => object.sync !== 'SYNCED' && object.message !== '');
  if (unapplied.length > 0) return firstOf(unapplied);
  if (state.heldBecause !== '') return `prune waits for approval: ${state.heldBecause}`;
  const unkept = objects.filter(({ health, message }) => health === 'HEALTHY' && message !== '');
  if (unkept.length > 0) return `drift cannot be healed: ${firstOf(unkept)}`;
  const reached = objects.filter(({ isToCome }) => !isToCome);
  const { health, message } = reached.length < objects.length ? healthOf(state, reached) : overall;
  return health === 'HEALTHY' ? contestMessage(state) : message;
}

function contestMessage({ drift }: InstanceState): string {
  const contested = drift.contested();
  const [first] = contested;
  if (!first) return '';
  const field = `${subject(first.ref)} ${first.path}`;
  const managers = `${first.attribution.manager ?? 'unknown'} takes it back from ${FIELD_MANAGER} again and again`;
  return `drift is contested: ${field}: ${managers}, so its healing stopped for now${andMore(contested.length - 1)}`;
}

function firstOf(objects: readonly JudgedObject[]): string {
  const first = objects.find((object) => object.sync === 'FAILED') ?? objects[0];
  return first ? `${subject(first)}: ${first.message}${andMore(objects.length - 1)}` : '';
}

function andMore(count: number): string {
  return count > 0 ? `; and ${count} more` : '';
}
