// Asks one run: claimed first, asked outside any transaction, and its outcome taken only from the last claim.
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.ts';
import { OutboundHttp } from '../../platform/http/outbound-http.ts';
import { CheckEnds } from './check-ends.ts';
import { CheckRunStore, type ClaimedRun } from './check-run-store.ts';
import type { AttemptOutcome } from './domain/check-run.ts';
import { judgeHttp, judgeMetric } from './domain/judge-answer.ts';
import { JobQuestion } from './job-question.ts';
import { WebhookQuestion } from './webhook-question.ts';

/** Longer than any one question takes: until then a replica that asks is taken to be alive. */
const LEASE_MS = 60_000;
const LONGEST_CALL_MS = 10_000;

@Injectable()
export class CheckRunner {
  constructor(
    private readonly database: Database,
    private readonly store: CheckRunStore,
    private readonly http: OutboundHttp,
    private readonly jobs: JobQuestion,
    private readonly webhooks: WebhookQuestion,
    private readonly ends: CheckEnds,
  ) {}

  /** Milliseconds until the run is due again; `undefined` where it ended, or was not ours to ask. */
  async run(id: bigint): Promise<number | undefined> {
    const run = await this.store.claim(id, LEASE_MS);
    if (!run) return undefined;
    const outcome = await this.ask(run);
    try {
      const progress = await this.database.transaction((tx) => this.ends.take(tx, run, outcome));
      return progress?.nextInMs ?? undefined;
    } catch (error) {
      // Else nobody would ask before the lease is over; where even this cannot be stored, that is what happens.
      await this.store.giveBack(run).catch(() => undefined);
      throw error;
    }
  }

  private async ask(run: ClaimedRun): Promise<AttemptOutcome> {
    const { rule } = run;
    const timeoutMs = Math.max(1_000, Math.min(LONGEST_CALL_MS, run.leftMs));
    switch (rule.kind) {
      case 'http':
        return judgeHttp(rule, await this.http.call({ url: rule.url, method: rule.method, timeoutMs }));
      case 'metric':
        return judgeMetric(rule, await this.http.call({ ...queryOf(rule), timeoutMs }));
      case 'job':
        return this.jobs.ask(run, rule);
      case 'webhook':
        return this.webhooks.ask(run, rule);
    }
  }
}

/** An instant query, by POST since queries may be long. */
function queryOf({ prometheus, query }: { readonly prometheus: string; readonly query: string }) {
  return {
    url: `${prometheus.replace(/\/+$/, '')}/api/v1/query`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ query }).toString(),
  };
}
