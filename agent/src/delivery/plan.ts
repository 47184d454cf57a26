// What to do with each desired object, from what was applied and what is known of the cluster. Pure.
import type { ApplyOutcome } from '@fairlead/protocol/sync-status';
import type { AssignedSyncPolicy } from '@fairlead/protocol/assignment';
import { ignoresWholeObject, rulesFor } from '../drift/ignore-rules.ts';
import type { DesiredObject } from './desired-object.ts';
import type { InventoryEntry } from './inventory.ts';

/** What the plan reads of a live object. */
export interface LiveFacts {
  readonly instance: string;
  readonly owned: string;
  readonly deleting: boolean;
}

/** Everything about one object that a decision needs. */
export interface ObjectFacts {
  readonly desired: DesiredObject;
  readonly entry: InventoryEntry | undefined;
  readonly live: LiveFacts | undefined;
  /** Another instance of this agent that holds or wants the same object and came first. */
  readonly claimedBy: string | undefined;
  /** An earlier try of this same content failed and is not to be repeated yet. */
  readonly resting: boolean;
  /** Its differences were looked at, and nothing happened since. */
  readonly examined: boolean;
  /** Fields that Git sets are known to differ. */
  readonly drifted: boolean;
  /** A person asked to heal it now. */
  readonly wished: boolean;
}

/**
 * APPLY sends it. HEAL puts back what someone changed, INSPECT only tells that. KEEP does nothing; its outcome is that
 * of the last try. IGNORE: its differences are nobody's business. REFUSE: it is another's. WAIT: it is being deleted; a
 * new one can be made only afterwards.
 */
export type PlannedStep =
  | { readonly step: 'APPLY'; readonly desired: DesiredObject; readonly force: boolean }
  | { readonly step: 'HEAL'; readonly desired: DesiredObject }
  | { readonly step: 'INSPECT'; readonly desired: DesiredObject }
  | { readonly step: 'REFUSE'; readonly desired: DesiredObject; readonly owner: string }
  | { readonly step: 'WAIT'; readonly desired: DesiredObject }
  | { readonly step: 'IGNORE'; readonly desired: DesiredObject }
  | { readonly step: 'KEEP'; readonly desired: DesiredObject; readonly outcome: KeptOutcome };

/** Why nothing is done: nothing differs, it ran already or is not ours to heal, or its last try failed. */
export type KeptOutcome = Extract<ApplyOutcome, 'UNCHANGED' | 'SKIPPED' | 'FAILED'>;

/** The step for one object of an instance. */
export function planObject(
  facts: ObjectFacts,
  instance: string,
  policy: Pick<AssignedSyncPolicy, 'adopt' | 'drift' | 'ignore'>,
): PlannedStep {
  const { desired, entry, live, resting } = facts;
  if (resting) return keep(desired, 'FAILED');
  const isApplied = entry?.digest === desired.digest;
  const owner = otherOwner(facts, instance);
  // Adoption takes an object once; when another takes it back, two instances would take it in turns for ever.
  if (owner !== undefined && (isApplied || !policy.adopt)) return { step: 'REFUSE', desired, owner };
  if (live?.deleting) return { step: 'WAIT', desired };
  if (isApplied) return planSettled(facts, policy);
  return { step: 'APPLY', desired, force: mayForce(live, instance, policy.adopt) };
}

/** Others may own fields of an object that is not ours yet: to overwrite them takes an adoption. */
function mayForce(live: LiveFacts | undefined, instance: string, adopt: boolean): boolean {
  return adopt || live?.instance === instance;
}

/** The content was applied before: only a change from outside is of interest. */
function planSettled(facts: ObjectFacts, policy: Pick<AssignedSyncPolicy, 'drift' | 'ignore'>): PlannedStep {
  const { desired } = facts;
  if (isNobodysBusiness(facts, policy)) return { step: 'IGNORE', desired };
  if (facts.wished) return { step: 'HEAL', desired };
  if (facts.examined) return keep(desired, 'SKIPPED');
  if (isAsApplied(facts)) return keep(desired, 'UNCHANGED');
  return { step: policy.drift === 'HEAL' ? 'HEAL' : 'INSPECT', desired };
}

function isNobodysBusiness(
  { desired, live }: ObjectFacts,
  { ignore }: Pick<AssignedSyncPolicy, 'ignore'>,
): boolean {
  return ignoresWholeObject(rulesFor(desired.ref, ignore)) || (!live && desired.runsOnce);
}

function isAsApplied({ live, entry, drifted }: ObjectFacts): boolean {
  return live !== undefined && live.owned === entry?.owned && !drifted;
}

function otherOwner({ live, claimedBy }: ObjectFacts, instance: string): string | undefined {
  if (live && live.instance !== instance && live.instance !== '') return live.instance;
  return live?.instance === instance ? undefined : claimedBy;
}

function keep(desired: DesiredObject, outcome: KeptOutcome): PlannedStep {
  return { step: 'KEEP', desired, outcome };
}
