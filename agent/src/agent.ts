// The whole loop on one page: connect, say hello, hear the doorbell, pull what is assigned, let the engine plan and
// apply it, and report what came of it. Everything here may stop and start again at any point.
import type { InstanceReport } from '@fairlead/protocol/report';
import type { Clock } from './clock.ts';
import type { Engine } from './delivery/engine.ts';
import type { ExitReason } from './exit-code.ts';
import type { AssignmentPuller } from './hub/assignment-puller.ts';
import type { CredentialKeeper } from './hub/credential-keeper.ts';
import type { HubLink } from './hub/hub-link.ts';
import type { Reporter } from './hub/reporter.ts';
import type { OrphanReporter } from './hub/orphan-reporter.ts';
import { StopAgent } from './hub/stop-agent.ts';
import type { Log } from './log.ts';

const LAST_REPORT_MS = 5_000;

/** The agent's parts, each wired to the others already. */
export interface AgentParts {
  readonly keeper: CredentialKeeper;
  readonly link: HubLink;
  readonly puller: AssignmentPuller;
  readonly reporter: Reporter;
  readonly orphans: OrphanReporter;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs until the signal is aborted or going on is of no use; then nothing is under way any more. */
export async function runAgent(parts: AgentParts, signal: AbortSignal): Promise<ExitReason> {
  const { engine, puller, log } = parts;
  engine.onChange((report) => tell(report, parts));
  // Before the hub has said a word: what was assigned last is kept in order, whether or not the hub is there.
  await puller.restore();
  void Promise.all([engine.start(), puller.answered]).then(() => tellUnassigned(parts));
  const failed = new AbortController();
  const reason = await runLoops(parts, AbortSignal.any([signal, failed.signal]));
  failed.abort();
  log.info('the agent stops', { reason });
  await engine.stop();
  if (reason === 'STOPPED') await lastReport(parts);
  return reason;
}

/** Each loop waits for its own bell: the link rings the puller, the puller feeds the engine, its reports the hub. */
async function runLoops(parts: AgentParts, signal: AbortSignal) {
  const { keeper, link, puller, reporter, orphans, log } = parts;
  const loops = [keeper, link, puller, reporter, orphans].map((part) => part.run(signal));
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  try {
    // The first that rejects ends all. Asked to stop, nobody waits for a hub that does not answer.
    await Promise.race([Promise.all(loops), stopped]);
    return 'STOPPED' as const;
  } catch (error) {
    if (!(error instanceof StopAgent)) throw error;
    log.error(error.message, { reason: error.reason });
    return error.reason;
  }
}

/** What an earlier life of this agent applied, and the hub does not know: told to a person, and left alone. */
function tellUnassigned({ engine, orphans, log }: AgentParts): void {
  orphans.begin();
  for (const { instance, application, environment } of engine.unassigned()) {
    const fields = { application, environment, instance };
    log.warn('an inventory is of an instance that the hub does not know: ORPHANED, left alone', fields);
  }
}

/** A tombstone that was carried out is said once; a living instance's last state until the hub has it. */
function tell(report: InstanceReport, { puller, reporter }: AgentParts): void {
  const assignment = puller.known.byInstance.get(report.instance)?.assignment;
  if (assignment?.tombstone === undefined) return reporter.put(report);
  const isDone = report.sync === 'SYNCED' && report.generation === assignment.generation;
  reporter.drop(report.instance, isDone);
}

/** What changed since the last tick; a hub that does not answer must not keep the process from ending. */
async function lastReport({ reporter, clock }: AgentParts): Promise<void> {
  const tooLate = new Promise<void>((resolve) => clock.after(LAST_REPORT_MS, resolve));
  await Promise.race([reporter.flush().catch(() => undefined), tooLate]);
}
