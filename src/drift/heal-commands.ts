// Healing what a person points at, once, also where the policy only reports: an instruction to each agent concerned.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { InstructionCommands } from '../delivery/instruction-commands.ts';
import { Clock } from '../platform/clock.ts';
import { Database } from '../platform/database/database.ts';
import { invalid } from '../platform/errors.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import type { DriftFilter } from './domain/drift-filter.ts';
import { isWish, wishOf } from './domain/heal-wish.ts';
import { HealStore } from './heal-store.ts';

/** An agent that is away for longer hears no more of it: what was meant then may be wrong by then. */
const EXPIRES_AFTER_MS = 3_600_000;
const MAX_INSTANCES = 20_000;

@Injectable()
export class HealCommands {
  constructor(
    private readonly database: Database,
    private readonly store: HealStore,
    private readonly instructions: InstructionCommands,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
  ) {}

  /** Answers how many instances' agents were told. Throws INVALID for a filter that names nothing. */
  heal(filter: DriftFilter, actor: string): Promise<Refusal | { readonly instances: number }> {
    if (Object.keys(filter).length === 0) {
      throw invalid('filter', [
        'it names nothing, so it would heal everything everywhere; name at least one thing.',
      ]);
    }
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const now = this.clock.now();
        const withItems = !isWish(filter);
        const drifted = await this.store.drifted(tx, filter, { limit: MAX_INSTANCES + 1, now, withItems });
        if (drifted.length > MAX_INSTANCES) throw new Refused(tooMany());
        const expiresAt = new Date(now.getTime() + EXPIRES_AFTER_MS);
        await this.instructions.create(
          tx,
          drifted.map(({ items, ...instance }) => ({
            ...instance,
            kind: 'heal',
            payload: withItems ? { wishes: items } : { ...wishOf(filter) },
            expiresAt,
          })),
        );
        if (drifted.length > 0) await this.activity.record(tx, [eventOf(filter, actor, drifted.length)]);
        return { instances: drifted.length };
      }),
    );
  }
}

function tooMany(): Refusal {
  return refuse(
    'TOO_MANY_INSTANCES',
    `More than ${MAX_INSTANCES} instances have such drift: heal them in parts, for example by environment or application.`,
  );
}

function eventOf({ application, environment, cluster }: DriftFilter, actor: string, instances: number) {
  return {
    kind: 'drift.heal-requested',
    actor,
    message: `${actor} asked for drift on ${instances === 1 ? '1 instance' : `${instances} instances`} to be healed.`,
    ...(application !== undefined && { application }),
    ...(environment !== undefined && { environment }),
    ...(cluster !== undefined && { cluster }),
    data: { instances },
  };
}
