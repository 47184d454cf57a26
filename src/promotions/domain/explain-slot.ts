// "Why is this slot not at the newest release, and what would move it?" One answer for people, API and logs.
import type { Wait } from './wait.ts';

/** What is known of a slot; the waits of its promotions come from the same functions that decide their start. */
export interface SlotFacts {
  readonly application: string;
  readonly environment: string;
  readonly automatic: boolean;
  readonly currentRelease?: number | undefined;
  readonly latestRelease?: { readonly number: number; readonly since: Date } | undefined;
  readonly sourceError?: { readonly message: string; readonly since: Date } | undefined;
  readonly applicationSince: Date;
  readonly running?: { readonly release: number; readonly waits: readonly Wait[] } | undefined;
  readonly pending?: { readonly release: number; readonly waits: readonly Wait[] } | undefined;
  /** How the last promotion of the newest release ended here; that release may run though it failed. */
  readonly lastAttempt?: { readonly state: string; readonly outcome: string; readonly at: Date } | undefined;
}

/** Every reason, the nearest first; none: the newest release runs here and nothing moves. */
export function slotWaits(facts: SlotFacts): Wait[] {
  const moving = [...(facts.running?.waits ?? []), ...(facts.pending?.waits ?? [])];
  const source = sourceWaits(facts);
  if (moving.length > 0 || facts.running || facts.pending) return [...moving, ...source];
  return [...source, ...idleWaits(facts)];
}

/** The same in sentences; a slot that waits for nothing says what runs. */
export function explainSlot(facts: SlotFacts): string[] {
  const waits = slotWaits(facts).map((wait) => wait.message);
  return [currentSentence(facts), ...waits];
}

function currentSentence({ application, environment, currentRelease, running }: SlotFacts): string {
  if (running) return `Release ${running.release} of ${application} is being rolled out in ${environment}.`;
  if (currentRelease === undefined) return `No release of ${application} runs in ${environment} yet.`;
  return `Release ${currentRelease} of ${application} runs in ${environment}.`;
}

function sourceWaits({ application, sourceError, latestRelease, applicationSince }: SlotFacts): Wait[] {
  if (sourceError) {
    const message = `The source of ${application} cannot be rendered: ${sourceError.message}`;
    return [{ kind: 'SOURCE', message, since: sourceError.since }];
  }
  if (latestRelease) return [];
  const message = `${application} has no release yet: its repository is being read.`;
  return [{ kind: 'SOURCE', message, since: applicationSince }];
}

function idleWaits(facts: SlotFacts): Wait[] {
  const { latestRelease: latest, lastAttempt } = facts;
  if (!latest) return [];
  const runs = latest.number === facts.currentRelease;
  if (lastAttempt?.state === 'SUCCEEDED' && runs) return [];
  if (lastAttempt) return [triedWait(facts, latest.number, lastAttempt)];
  if (runs) return [];
  const who = facts.automatic
    ? 'automation has not taken it up yet'
    : 'this step is MANUAL, so a person promotes it';
  const message = `Release ${latest.number} waits to be promoted to ${facts.environment}: ${who}.`;
  return [{ kind: 'PROMOTION', message, since: latest.since }];
}

/** Automation tries a release once, and never again what was taken back. */
function triedWait(
  { environment }: SlotFacts,
  release: number,
  { state, outcome, at }: NonNullable<SlotFacts['lastAttempt']>,
): Wait {
  const ended =
    state === 'SUCCEEDED'
      ? `Release ${release} ran in ${environment} and was taken back.`
      : `Release ${release} was tried in ${environment} and ${state}: ${outcome}`;
  const message = `${ended} A person must promote it again, or a newer release must come.`;
  return { kind: 'PROMOTION', message, since: at };
}
