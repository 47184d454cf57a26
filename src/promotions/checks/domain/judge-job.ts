// What the agents said of a check's Job becomes the check's answer: it passes where it passed in every cluster.
import type { AttemptOutcome } from './check-run.ts';

/** How a Job ended in one cluster. */
export interface JobReport {
  readonly cluster: string;
  /** RUNNING: not heard yet. LOST: its time is over, or the agent could not run it. */
  readonly state: 'RUNNING' | 'PASSED' | 'FAILED' | 'LOST';
  readonly message: string;
}

const NAMED = 3;

/** One failed Job fails the check at once; one that is lost leaves it INCONCLUSIVE when the others are done. */
export function judgeJob(reports: readonly JobReport[]): AttemptOutcome {
  const of = (state: JobReport['state']) => reports.filter((report) => report.state === state);
  const [failed, lost, running] = [of('FAILED'), of('LOST'), of('RUNNING')];
  const evidence = {
    clusters: reports.length,
    passed: of('PASSED').length,
    failed: failed.slice(0, NAMED).map(({ cluster, message }) => ({ cluster, message })),
  };
  if (reports.length === 0) {
    return { verdict: 'INCONCLUSIVE', message: 'There is no cluster to run the Job on.', evidence };
  }
  if (failed.length > 0) return { verdict: 'FAILED', message: `The Job failed ${where(failed)}`, evidence };
  if (running.length > 0) {
    const message = `The Job runs on ${running.length} of ${count(reports.length)}.`;
    return { verdict: 'WAIT', message, evidence };
  }
  if (lost.length > 0) {
    return { verdict: 'INCONCLUSIVE', message: `The Job has no result ${where(lost)}`, evidence };
  }
  return { verdict: 'PASSED', message: `The Job passed on ${count(reports.length)}.`, evidence };
}

function where(reports: readonly JobReport[]): string {
  const named = reports.slice(0, NAMED).map(({ cluster, message }) => `${cluster} (${message})`);
  const more = reports.length > NAMED ? ` and on ${reports.length - NAMED} more` : '';
  return `on ${named.join(', ')}${more}.`;
}

function count(clusters: number): string {
  return clusters === 1 ? '1 cluster' : `${clusters} clusters`;
}
