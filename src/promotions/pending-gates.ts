// Asks the gates of pending promotions: what they say now, written down where it changed; questions to the world outside
// that are due are asked, and the moment is kept at which the clock alone changes an answer.
import { Injectable } from '@nestjs/common';
import type { GateRule } from '../policies/domain/policy-step.ts';
import type { Transaction } from '../platform/database/database.ts';
import { Checks, type WantedRun } from './checks/checks-port.ts';
import type { GateFacts } from './domain/gate-facts.ts';
import type { GateVerdict } from './domain/gate-verdict.ts';
import {
  endBy,
  evaluateGates,
  gatesToAsk,
  isFullyApproved,
  mayOvertake,
  nearestUntil,
  unmetGates,
} from './domain/gates.ts';
import type { Promotion } from './domain/promotion.ts';
import type { PromotionEvent } from './domain/transition.ts';
import type { Wait } from './domain/wait.ts';
import { GateFactsStore } from './gate-facts-store.ts';
import { GateReader, type RenderedBundles } from './gate-reader.ts';

/** However long its gates wait, a pending promotion is looked at again after this: a notice may have been lost. */
const LOOK_AGAIN_MS = 60_000;

/** What the gates of a pending promotion say now. */
export interface PendingJudgement {
  readonly promotion: Promotion;
  readonly verdicts: readonly GateVerdict[];
  /** Empty: it may start now. */
  readonly waits: readonly Wait[];
  /** The event by which a gate ends it. */
  readonly end: Extract<PromotionEvent, { kind: 'FAIL' | 'EXPIRE' }> | undefined;
  /** Its own UPSTREAM and SOAK have passed. */
  readonly mayOvertake: boolean;
  /** People have given every consent that it asks for. */
  readonly fullyApproved: boolean;
}

@Injectable()
export class PendingGates {
  constructor(
    private readonly reader: GateReader,
    private readonly store: GateFactsStore,
    private readonly checks: Checks,
  ) {}

  /** In the order of the promotions, whose slot the caller has locked. With `rendered` there is exactly one of them. */
  async judge(
    tx: Transaction,
    promotions: readonly Promotion[],
    rendered?: RenderedBundles,
  ): Promise<PendingJudgement[]> {
    const facts = await this.read(tx, promotions, rendered);
    const judged: PendingJudgement[] = [];
    for (const [index, promotion] of promotions.entries()) {
      const own = facts[index];
      if (own) judged.push(toJudgement(promotion, await this.ask(tx, promotion, own)));
    }
    return judged;
  }

  private async read(
    tx: Transaction,
    promotions: readonly Promotion[],
    rendered?: RenderedBundles,
  ): Promise<GateFacts[]> {
    const [only] = promotions;
    return rendered && only
      ? [await this.reader.facts(tx, only, rendered)]
      : this.reader.factsOf(tx, promotions);
  }

  private async ask(tx: Transaction, promotion: Promotion, facts: GateFacts): Promise<GateVerdict[]> {
    const verdicts = await this.verdicts(tx, promotion, facts);
    await this.reader.recordVerdicts(tx, promotion, verdicts);
    const lookAgain = facts.readAt.getTime() + LOOK_AGAIN_MS;
    const until = nearestUntil(verdicts, facts.readAt)?.getTime() ?? lookAgain;
    await this.store.keepDue(tx, promotion.id, new Date(Math.min(until, lookAgain)));
    return verdicts;
  }

  private async verdicts(tx: Transaction, promotion: Promotion, facts: GateFacts): Promise<GateVerdict[]> {
    const verdicts = evaluateGates(facts, facts.readAt);
    const runs = endBy(verdicts) ? [] : gatesToAsk(facts, verdicts).flatMap(runOf);
    if (runs.length === 0) return verdicts;
    const asked = await this.checks.ensure(tx, promotion, runs);
    return evaluateGates({ ...facts, checks: [...facts.checks, ...asked] }, facts.readAt);
  }
}

function runOf(gate: GateRule): WantedRun[] {
  if (gate.kind === 'check') return [{ gate: gate.name, rule: gate.check }];
  return gate.kind === 'webhook' ? [{ gate: gate.name, rule: gate }] : [];
}

function toJudgement(promotion: Promotion, verdicts: readonly GateVerdict[]): PendingJudgement {
  return {
    promotion,
    verdicts,
    waits: unmetGates(verdicts),
    end: endOf(endBy(verdicts)),
    mayOvertake: mayOvertake(verdicts),
    fullyApproved: isFullyApproved(verdicts),
  };
}

function endOf(verdict: GateVerdict | undefined): PendingJudgement['end'] {
  if (!verdict) return undefined;
  return verdict.end === 'FAIL'
    ? { kind: 'FAIL', evidence: `Gate ${verdict.gate} failed. ${verdict.message}` }
    : { kind: 'EXPIRE', reason: `Gate ${verdict.gate} has expired. ${verdict.message}` };
}
