// Which reports are worth an event: an instance that has arrived at its release, and one that was refused.
// What only passes by (applying, progressing, flapping health) is no event; nobody would read the activity any more.
import { agentActor } from '../../clusters/domain/agent-principal.ts';
import { instancePath, type RemovedInstance } from './removal-guard.ts';
import type { ReportDecision, StoredReport } from './report-decision.ts';

/** The instance by its names, with the release that it is assigned and what was known before. */
export interface ReportSubject extends RemovedInstance {
  readonly releaseNumber: number | null;
  readonly stored: Pick<StoredReport, 'sync' | 'releaseNumber'> | undefined;
}

/** None, or the one event. */
export function reportEvent(
  subject: ReportSubject,
  {
    sync,
    releaseNumber,
    message,
  }: Pick<ReportDecision, 'sync' | 'releaseNumber'> & { readonly message: string },
) {
  const { application, environment, cluster, stored } = subject;
  const names = { application, environment, cluster };
  const event = (kind: string, text: string) => [
    {
      kind,
      actor: agentActor({ name: cluster }),
      message: text,
      ...names,
      data: { release: subject.releaseNumber },
    },
  ];
  const arrived = sync === 'SYNCED' && (stored?.sync !== 'SYNCED' || stored.releaseNumber !== releaseNumber);
  if (arrived)
    return event('instance.synced', `${instancePath(subject)} is synced to release ${releaseNumber}.`);
  if (sync === 'FAILED' && stored?.sync !== 'FAILED') {
    const why = message === '' ? '' : `: ${message}`;
    return event(
      'instance.failed',
      `${instancePath(subject)} could not take release ${subject.releaseNumber}${why}`,
    );
  }
  return [];
}
