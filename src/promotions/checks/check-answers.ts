// Takes the answers of outside systems to webhook gates: a one-time key says which question, a signature who speaks.
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../platform/clock.ts';
import { Database } from '../../platform/database/database.ts';
import { isSignedBy } from './callback-signature.ts';
import { CheckEnds } from './check-ends.ts';
import { CheckRunStore } from './check-run-store.ts';
import { HubSecretStore } from './hub-secret-store.ts';
import { hashOfKey } from './webhook-question.ts';

/** What an outside system sent. */
export interface CallbackRequest {
  readonly key: string;
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/** TAKEN; or UNKNOWN: no question waits for this key (any more); UNSIGNED; UNREADABLE, with what is wrong. */
export type CallbackResult =
  | { readonly kind: 'TAKEN' | 'UNKNOWN' | 'UNSIGNED' }
  | { readonly kind: 'UNREADABLE'; readonly problem: string };

const answerShape = z.object({
  verdict: z.enum(['PASSED', 'FAILED', 'INCONCLUSIVE']),
  // Postgres cannot keep a NUL.
  message: z
    .string()
    .max(1_000)
    .default('')
    .transform((text) => text.replaceAll('\0', '')),
});

@Injectable()
export class CheckAnswers {
  constructor(
    private readonly database: Database,
    private readonly store: CheckRunStore,
    private readonly secrets: HubSecretStore,
    private readonly ends: CheckEnds,
    private readonly clock: Clock,
  ) {}

  /** The first good answer ends the run and its key; the same one again finds nothing that waits. */
  take({ key, signature, body }: CallbackRequest): Promise<CallbackResult> {
    return this.database.transaction(async (tx) => {
      const run = await this.store.awaiting(tx, hashOfKey(key));
      if (run?.rule.kind !== 'webhook') return { kind: 'UNKNOWN' };
      const secret = await this.secrets.open(run.rule.secretName);
      if (!secret || !isSignedBy(secret, signature, body, this.clock.now())) return { kind: 'UNSIGNED' };
      const answer = answerShape.safeParse(jsonOf(body));
      if (!answer.success) return { kind: 'UNREADABLE', problem: z.prettifyError(answer.error) };
      const { verdict, message } = answer.data;
      const host = new URL(run.rule.url).host;
      const said = `${host} said ${verdict}${message === '' ? '.' : `: ${message}`}`;
      await this.ends.take(tx, run, { verdict, message: said, evidence: { host } }, `webhook:${host}`);
      return { kind: 'TAKEN' };
    });
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
