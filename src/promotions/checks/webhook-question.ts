// A gate that an outside system decides: it is told once, signed, with a one-time address for its answer.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.ts';
import { Config } from '../../platform/config/config.ts';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { OutboundHttp, type OutboundAnswer } from '../../platform/http/outbound-http.ts';
import { SecretBox } from '../../platform/secret-box.ts';
import { sign, SIGNATURE_HEADER } from './callback-signature.ts';
import { CheckRunStore, type ClaimedRun } from './check-run-store.ts';
import type { AttemptOutcome, WebhookRule } from './domain/check-run.ts';
import { HubSecretStore } from './hub-secret-store.ts';

/** Where answers are taken; the run's one-time key follows. */
export const ANSWER_PATH = '/checks/answers';

const TIMEOUT_MS = 10_000;

@Injectable()
export class WebhookQuestion {
  constructor(
    private readonly store: CheckRunStore,
    private readonly secrets: HubSecretStore,
    private readonly http: OutboundHttp,
    private readonly box: SecretBox,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Tries again until it is delivered. The key follows from the run, so a second delivery says the same as the first. */
  async ask(run: ClaimedRun, rule: WebhookRule): Promise<AttemptOutcome> {
    const host = new URL(rule.url).host;
    if (run.leftMs <= 0) return waits(host);
    const secret = await this.secrets.open(rule.secretName);
    if (!secret) {
      const message = `There is no secret "${rule.secretName}"; an ADMIN saves it with saveSecret.`;
      return { verdict: 'UNKNOWN', message, evidence: {} };
    }
    // A run that was restarted gets another key: an answer to the former question is none to this one.
    const key = this.box.derive(`check answer ${run.id} ${run.deadlineAt.getTime()}`).toString('base64url');
    await this.store.expectCallback(run.id, hashOfKey(key));
    const body = JSON.stringify(this.question(run, key));
    const headers = {
      'content-type': 'application/json',
      'x-fairlead-delivery': encodeId('check-run', run.id),
      [SIGNATURE_HEADER]: sign(secret, body, this.clock.now()),
    };
    return judgeDelivery(
      host,
      await this.http.call({ url: rule.url, method: 'POST', headers, body, timeoutMs: TIMEOUT_MS }),
    );
  }

  private question(run: ClaimedRun, key: string) {
    const { application, environment, release, commit, gate, deadlineAt } = run;
    return {
      type: 'fairlead.gate',
      promotion: encodeId('promotion', run.promotionId),
      gate,
      application,
      environment,
      release,
      commit,
      answerBy: deadlineAt.toISOString(),
      answerTo: `${this.config.publicUrl ?? ''}${ANSWER_PATH}/${key}`,
    };
  }
}

/** Under this hash the run waits for its answer. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function judgeDelivery(host: string, answer: OutboundAnswer): AttemptOutcome {
  if (answer.kind !== 'ANSWER') {
    const verdict = answer.kind === 'REFUSED' ? 'INCONCLUSIVE' : 'UNKNOWN';
    return { verdict, message: answer.message, evidence: {} };
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return waits(host);
  return {
    verdict: 'UNKNOWN',
    message: `${host} answered the question with ${status}; it is asked again.`,
    evidence: { host, status },
  };
}

function waits(host: string): AttemptOutcome {
  return { verdict: 'WAIT', message: `${host} was asked and has not decided yet.`, evidence: { host } };
}
