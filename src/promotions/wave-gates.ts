// Asks the gates of the wave that is next or under way: whether it may begin, and whether what has begun may go on.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { passes, type GateVerdict } from './domain/gate-verdict.ts';
import { evaluateWaveGates, nearestUntil } from './domain/gates.ts';
import type { Promotion } from './domain/promotion.ts';
import type { WaveFacts } from './domain/wave-progress.ts';
import { GateReader } from './gate-reader.ts';

/** Sentences for people; none: nothing is in the way. */
export interface WaveVerdict {
  /** Why the wave may not begin. */
  readonly blocked: readonly string[];
  /** Why the rollout must halt where it is. */
  readonly halted: readonly string[];
  /** When the first of these ends, where that is known. */
  readonly until: Date | null;
}

const free: WaveVerdict = { blocked: [], halted: [], until: null };

@Injectable()
export class WaveGates {
  constructor(private readonly gates: GateReader) {}

  /** `wave`: the one that is next or under way. Its verdicts are recorded where they changed. */
  async ask(tx: Transaction, promotion: Promotion, wave: WaveFacts | undefined): Promise<WaveVerdict> {
    if (!wave || !isAsked(promotion, wave)) return free;
    const facts = await this.gates.waveFacts(tx, promotion, wave.rule.name);
    const verdicts = evaluateWaveGates(facts, facts.readAt);
    await this.gates.recordVerdicts(tx, promotion, verdicts);
    const unmet = verdicts.filter((verdict) => !passes(verdict)).map(({ message }) => message);
    const until = nearestUntil(verdicts, facts.readAt) ?? null;
    return wave.state === 'PENDING' ? { ...free, blocked: unmet, until } : { ...free, halted: unmet, until };
  }

  /** For explanations: what the next wave waits for, without recording it. */
  async verdicts(tx: Transaction, promotion: Promotion, wave: WaveFacts): Promise<GateVerdict[]> {
    if (!isAsked(promotion, wave)) return [];
    const facts = await this.gates.waveFacts(tx, promotion, wave.rule.name);
    return evaluateWaveGates(facts, facts.readAt);
  }
}

/** The first wave's gates are those of the start; while a wave goes on only a freeze that halts it matters. */
function isAsked({ intent, step }: Promotion, { state, position }: WaveFacts): boolean {
  if (intent === 'ROLLBACK') return false;
  return state === 'PENDING' ? position > 0 : step.onFreeze === 'HALT';
}
