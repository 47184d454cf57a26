// What becomes of one entry of a report, given what is stored: pure, so that the race rules are tested without a race.
import type { ReportVerdict } from '@fairlead/protocol/report';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import {
  effectiveSync,
  isEvidence,
  type AssignedVersion,
  type InstanceState,
  type ReportedVersion,
} from './instance-state.ts';

/** Where an entry stands among all that this cluster ever said. */
export interface ReportPosition {
  readonly session: bigint;
  readonly sequence: bigint;
}

/** An entry, as far as the decision needs it. */
export interface EntryFacts extends ReportPosition, ReportedVersion, InstanceState {
  readonly contentHash: string;
}

/** The row that the entry would replace. */
export interface StoredReport extends ReportPosition, ReportedVersion, InstanceState {
  readonly contentHash: string;
  readonly releaseNumber: number | null;
}

/** The instance and its cluster, locked. */
export interface ReportedInstance extends AssignedVersion {
  readonly releaseNumber: number | null;
  readonly tombstoned: boolean;
  /** The cluster's newest session; another one's reports are worth nothing. */
  readonly currentSession: bigint;
}

/** What is written, if anything. */
export interface ReportDecision {
  readonly verdict: ReportVerdict;
  /** Effective sync status. */
  readonly sync: SyncStatus;
  /** The release that was last seen wholly applied. */
  readonly releaseNumber: number | null;
  /** Sync, health, release or drift moved: subscribers want to know. */
  readonly visible: boolean;
  /** Nothing of the content changed, but a late older message of the same session must not overtake this one. */
  readonly onlyPosition: boolean;
}

/** Decides one entry; the last one of an instance in a flush is the only one that is asked about. */
export function decideReport(
  entry: EntryFacts,
  instance: ReportedInstance,
  stored: StoredReport | undefined,
): ReportDecision {
  const sync = effectiveSync(entry, instance);
  const releaseNumber = observedRelease(sync, entry, instance, stored);
  const decision = { sync, releaseNumber, visible: false, onlyPosition: false };
  if (isStale(entry, instance, stored)) return { ...decision, verdict: 'STALE' };
  if (!stored) return { ...decision, verdict: 'ACCEPTED', visible: true };
  if (isSamePosition(entry, stored)) return { ...decision, verdict: 'UNCHANGED' };
  const same = sameContent(entry, stored) && stored.sync === sync && stored.releaseNumber === releaseNumber;
  if (same) return { ...decision, verdict: 'UNCHANGED', onlyPosition: stored.session === entry.session };
  return { ...decision, verdict: 'ACCEPTED', visible: isVisible(entry, stored, decision) };
}

function isStale(entry: EntryFacts, instance: ReportedInstance, stored: StoredReport | undefined): boolean {
  if (instance.tombstoned || instance.generation === 0n) return true;
  if (entry.session !== instance.currentSession) return true;
  return stored !== undefined && !isSamePosition(entry, stored) && !isAfter(entry, stored);
}

/** The same position again is the same message again: its answer was lost. */
function isSamePosition(entry: ReportPosition, stored: ReportPosition): boolean {
  return entry.session === stored.session && entry.sequence === stored.sequence;
}

function isAfter(entry: ReportPosition, stored: ReportPosition): boolean {
  if (entry.session !== stored.session) return entry.session > stored.session;
  return entry.sequence > stored.sequence;
}

function sameContent(entry: EntryFacts, stored: StoredReport): boolean {
  return (
    entry.generation === stored.generation &&
    entry.bundleDigest === stored.bundleDigest &&
    entry.contentHash === stored.contentHash
  );
}

/** A release counts as running once it was wholly applied; until then what ran before is the honest answer. */
function observedRelease(
  sync: SyncStatus,
  entry: EntryFacts,
  instance: ReportedInstance,
  stored: StoredReport | undefined,
): number | null {
  if (sync === 'SYNCED' && isEvidence(entry, instance)) return instance.releaseNumber;
  return stored?.releaseNumber ?? null;
}

function isVisible(
  entry: EntryFacts,
  stored: StoredReport,
  { sync, releaseNumber }: Pick<ReportDecision, 'sync' | 'releaseNumber'>,
): boolean {
  return (
    sync !== stored.sync ||
    entry.health !== stored.health ||
    entry.driftCount !== stored.driftCount ||
    releaseNumber !== stored.releaseNumber
  );
}
