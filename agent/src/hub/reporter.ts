// Tells the hub how the instances are: at most one message a tick, always the last state, again until it is
// acknowledged.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { InstanceReport } from '@fairlead/protocol/report';
import type { JobOutcome } from '../checks/check-job.ts';
import { pause, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Bell } from './bell.ts';
import type { BundleLibrary } from './bundle-library.ts';
import type { CredentialKeeper } from './credential-keeper.ts';
import type { ReportBatchInput } from './generated/operations.ts';
import type { HubApi, ReportAnswer, Session } from './hub-api.ts';
import { isHubError, messageOf, type HubError } from './hub-error.ts';
import { sessionReplaced } from './hub-link.ts';
import { reconnectDelayMs } from './jitter.ts';
import { OutageLog } from './outage-log.ts';
import type { EpisodeFile, KeptEpisodes } from './episode-file.ts';
import { outgoingDrift, outgoingReport } from './report-content.ts';
import { ReportQueue, type BatchLimit } from './report-queue.ts';
import type { SentReport } from './sent-report.ts';
import type { SessionKeeper } from './session-keeper.ts';
import { StopAgent } from './stop-agent.ts';

const TICK_MS = 100;
// The first change after a rest is told at once, save what belongs to the same change.
const FIRST_TICK_MS = 10;
const LONGEST_TICK_MS = 60_000;
// The hub takes 8 MB in one message; a report of 500 failed objects may have one of them.
const FULL_BATCH: BatchLimit = { entries: 200, bytes: 3_000_000 };
const ONE_BY_ONE: BatchLimit = { entries: 1, bytes: 3_000_000 };
const A_DAY_MS = 86_400_000;
// Long enough to read what is assigned, which explains a stale answer where the session is still the newest.
const AFTER_STALE_MS = 2_000;
// An instance that is just being removed at the hub gives a stale answer too; three in a row are another session.
const STALE_ANSWERS_OF_A_REPLACED_SESSION = 3;

/** What the reporter works with. */
export interface ReporterParts {
  readonly api: HubApi;
  readonly keeper: CredentialKeeper;
  readonly sessions: SessionKeeper;
  readonly library: BundleLibrary;
  readonly episodes: EpisodeFile;
  /** What an earlier life of the agent left there. */
  readonly kept: KeptEpisodes;
  readonly clock: Clock;
  readonly log: Log;
  /** The generation of the last assignments that were taken in. */
  readonly takenGeneration: () => number;
  /** The hub did not want a report: what is assigned may be another thing by now. */
  readonly onStale: () => void;
  /** The hub has heard that these removals are done. */
  readonly onRemoved: (instances: readonly string[]) => void;
}

/** What became of a message: taken, not wanted, or not answered. */
type Outcome = 'TAKEN' | 'STALE' | 'FAILED';

/** One message to the hub. */
interface Batch {
  readonly reports: readonly SentReport[];
  /** Done, with what is to be said of it. */
  readonly instructions: ReadonlyMap<string, JobOutcome | undefined>;
  readonly removed: readonly string[];
}

/** One per agent. */
export class Reporter {
  readonly #parts: ReporterParts;
  readonly #queue: ReportQueue;
  readonly #seen = new Set<string>();
  readonly #doneInstructions = new Map<string, JobOutcome | undefined>();
  readonly #removed = new Set<string>();
  readonly #bell: Bell;
  readonly #hubIsBack: Bell;
  readonly #outage: OutageLog;
  #tickMs = TICK_MS;
  #limit = FULL_BATCH;
  #sequence = 0;
  #sentAtMs = 0;
  #staleInARow = 0;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#queue = new ReportQueue(parts.kept.closed);
    this.#bell = new Bell(parts.clock);
    this.#hubIsBack = new Bell(parts.clock);
    this.#outage = new OutageLog(parts.log, 'reporting to the hub');
  }

  /** An instance as it is now; secret values are hidden before it is kept. */
  put(report: InstanceReport): void {
    const outgoing = outgoingReport(report, this.#parts.library.secretsOf(report.bundle));
    this.#seen.add(report.instance);
    const known = this.#queue.stateOf(report.instance)?.drift ?? [];
    if (this.#queue.put(outgoing)) this.#bell.ring();
    if (canonicalJson(known) !== canonicalJson(outgoing.drift ?? [])) this.#keepEpisodes();
  }

  /** A difference is over: told once, after a restart too. */
  end(instance: string, episode: ReportedDrift): void {
    const outgoing = outgoingDrift(episode, this.#parts.library.allSecrets());
    if (this.#queue.end(instance, outgoing)) {
      this.#parts.log.warn('more drift came and went than can be kept for the hub: the oldest is forgotten', {
        instance,
      });
    }
    this.#bell.ring();
    this.#keepEpisodes();
  }

  /** Nothing more is to be said of the instance; `isRemoved`: its tombstone was carried out, which is said once. */
  drop(instance: string, isRemoved: boolean): void {
    this.#seen.add(instance);
    this.#queue.forget(instance);
    this.#keepEpisodes();
    if (!isRemoved) return;
    this.#removed.add(instance);
    this.#bell.ring();
  }

  instructionDone(id: string, outcome?: JobOutcome): void {
    this.#doneInstructions.set(id, outcome);
    this.#bell.ring();
  }

  /** The hub may have forgotten what it was told. */
  repeatAll(): void {
    this.#queue.repeatAll();
    this.#staleInARow = 0;
    this.#bell.ring();
  }

  /** The hub can be reached again: what waits after failures is tried at once. */
  tryNow(): void {
    this.#hubIsBack.ring();
  }

  /** Until the signal is aborted; rejects with `StopAgent` alone. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      if (this.#isIdle()) await this.#bell.wait(A_DAY_MS, signal);
      // What changes within a tick goes into one message.
      await pause(this.#parts.clock, this.#nextTickMs(), signal);
      if (signal.aborted || this.#isIdle()) continue;
      const outcome = await this.#send();
      failures = outcome === 'FAILED' ? failures + 1 : 0;
      if (outcome === 'STALE') await pause(this.#parts.clock, AFTER_STALE_MS, signal);
      if (outcome === 'FAILED') await this.#hubIsBack.wait(reconnectDelayMs(failures, Math.random()), signal);
    }
  }

  /** Says the last things, without waiting for a tick; gives up quietly at the first failure. */
  async flush(): Promise<void> {
    while (!this.#isIdle() && (await this.#send()) === 'TAKEN') continue;
    await this.#parts.episodes.settled();
  }

  #nextTickMs(): number {
    return Math.max(FIRST_TICK_MS, this.#tickMs - (this.#parts.clock.now() - this.#sentAtMs));
  }

  #keepEpisodes(): void {
    const { episodes, kept } = this.#parts;
    episodes.save(() => {
      // Of an instance that was not looked at yet, what an earlier life knew is still the last word.
      const unseen = [...kept.open].filter(([instance]) => !this.#seen.has(instance));
      return { open: new Map([...unseen, ...this.#queue.open()]), closed: this.#queue.ended() };
    });
  }

  #isIdle(): boolean {
    return this.#queue.isEmpty && this.#doneInstructions.size === 0 && this.#removed.size === 0;
  }

  async #send(): Promise<Outcome> {
    const { sessions } = this.#parts;
    const batch: Batch = {
      reports: this.#queue.next(this.#limit),
      instructions: new Map(this.#doneInstructions),
      removed: [...this.#removed],
    };
    try {
      const session = await sessions.session();
      const answer = await this.#call(batch, session);
      this.#outage.works();
      // Another session began meanwhile: this answer says nothing of it.
      return sessions.current === session ? this.#take(batch, answer) : 'FAILED';
    } catch (error) {
      if (error instanceof StopAgent) throw error;
      this.#outage.failed(messageOf(error));
      if (isHubError(error, 'INVALID', 'LIMIT_EXCEEDED')) this.#isolate(batch, error);
      return 'FAILED';
    }
  }

  /** The hub cannot take the message: one bad report must not hold up all the others. */
  #isolate({ reports: [first, ...others] }: Batch, { message: reason }: HubError): void {
    this.#limit = ONE_BY_ONE;
    if (!first || others.length > 0) return;
    const { instance, generation } = first;
    this.#parts.log.error(
      'the hub cannot take the report of an instance, which is left out until it changes',
      {
        instance,
        generation,
        reason,
      },
    );
    this.#queue.acknowledge([first]);
  }

  #call({ reports, instructions, removed }: Batch, { session }: Session): Promise<ReportAnswer> {
    const { api, keeper } = this.#parts;
    this.#sequence += 1;
    this.#sentAtMs = this.#parts.clock.now();
    const batch: ReportBatchInput = {
      session,
      sequence: this.#sequence,
      sentAt: new Date(this.#sentAtMs).toISOString(),
      appliedGeneration: this.#parts.takenGeneration(),
      instances: reports,
      acknowledgedInstructions: [...instructions.keys()],
      ...outcomesOf(instructions),
      removedInstances: removed,
    };
    return keeper.use((credential) => api.report(batch, credential));
  }

  #take({ reports, instructions, removed }: Batch, answer: ReportAnswer): Outcome {
    const { verdicts, nextReportMs } = answer;
    this.#tickMs = Math.min(LONGEST_TICK_MS, Math.max(TICK_MS, nextReportMs));
    if (verdicts.includes('STALE')) this.#parts.onStale();
    if (reports.length > 0 && verdicts.every((verdict) => verdict === 'STALE')) return this.#stale();
    this.#staleInARow = 0;
    // A stale one among others is of an instance that the hub has removed: the next pull says so.
    this.#queue.acknowledge(reports);
    if (reports.some(({ ended }) => ended.size > 0)) this.#keepEpisodes();
    for (const id of instructions.keys()) this.#doneInstructions.delete(id);
    for (const instance of removed) this.#removed.delete(instance);
    if (removed.length > 0) this.#parts.onRemoved(removed);
    if (this.#queue.isEmpty) this.#limit = FULL_BATCH;
    return 'TAKEN';
  }

  /** Nothing of it was wanted: the session is not the newest any more, or the hub is about to say why. */
  #stale(): Outcome {
    this.#staleInARow += 1;
    if (this.#staleInARow < STALE_ANSWERS_OF_A_REPLACED_SESSION) return 'STALE';
    throw sessionReplaced('the hub takes no reports of this session');
  }
}

/** Left out where there are none: a hub that knows no outcomes takes the message all the same. */
function outcomesOf(
  instructions: ReadonlyMap<string, JobOutcome | undefined>,
): Pick<ReportBatchInput, 'instructionOutcomes'> {
  const outcomes = [...instructions].flatMap(([id, outcome]) => (outcome ? [{ id, outcome }] : []));
  return outcomes.length === 0 ? {} : { instructionOutcomes: outcomes };
}
