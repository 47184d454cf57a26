// Accepting drift for a while, ending that, and its end by time. What the agents of the instances must know of it
// follows by a job: ExceptionSpreading.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import {
  exceptionProblems,
  scopeText,
  type DriftException,
  type ExceptionScope,
} from './domain/exception.ts';
import { changedNotices } from './drift-notices.ts';
import { ExceptionStore } from './exception-store.ts';

/** A person's wish. */
export interface AcceptRequest {
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly until: Date;
  readonly actor: string;
}

const EXPIRED_AT_ONCE = 100;

@Injectable()
export class ExceptionCommands {
  constructor(
    private readonly database: Database,
    private readonly store: ExceptionStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Throws INVALID with every problem at once, unknown names among them. */
  async accept({ scope, reason, until, actor }: AcceptRequest): Promise<DriftException> {
    const unknown = await this.store.unknownNames(scope);
    const problems = [
      ...exceptionProblems(scope, reason, until, this.clock.now()),
      ...unknown.map((name) => `filter: the ${name} does not exist.`),
    ];
    if (problems.length > 0) throw invalid('input', problems);
    return this.database.transaction(async (tx) => {
      const exception = await this.store.insert(tx, { ...scope, reason, createdBy: actor, until });
      const items = await this.store.markItems(tx, exception);
      const what = `accepted drift of ${scopeText(scope)} until ${until.toISOString()}: ${reason}`;
      await this.tell(tx, [exception], 'drift.accepted', () => ({
        actor,
        message: `${actor} ${what}`,
        items,
      }));
      return exception;
    });
  }

  /** Refused (EXCEPTION_ENDED) where it has ended already. */
  end(id: bigint, actor: string): Promise<DriftException | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const ended = await this.store.end(tx, id, actor);
        if (!ended) throw await this.whyNotEnded(id);
        const items = await this.reopen(tx, [id]);
        const message = `${actor} ended the exception of ${scopeText(ended)}; ${reopenedText(items)}.`;
        await this.tell(tx, [ended], 'drift.exception-ended', () => ({ actor, message, items }));
        return ended;
      }),
    );
  }

  /** Ends those whose time has come; what they accepted is open again. */
  async expire(): Promise<void> {
    for (;;) {
      const ended = await this.database.transaction((tx) => this.expireSome(tx));
      if (ended < EXPIRED_AT_ONCE) return;
    }
  }

  private async expireSome(tx: Transaction): Promise<number> {
    const ended = await this.store.endExpired(tx, this.clock.now(), EXPIRED_AT_ONCE);
    if (ended.length === 0) return 0;
    const items = await this.reopen(
      tx,
      ended.map(({ id }) => id),
    );
    await this.tell(tx, ended, 'drift.exception-expired', (exception) => ({
      actor: 'fairlead',
      message: `The exception of ${scopeText(exception)} by ${exception.createdBy} has expired; what it accepted counts as drift again.`,
      items,
    }));
    return ended.length;
  }

  /** What these accepted counts as drift again, and subscribers are told so; answers how many items that are. */
  private async reopen(tx: Transaction, exceptionIds: readonly bigint[]): Promise<number> {
    const itemIds = await this.store.unmarkItems(tx, exceptionIds);
    await this.activity.notify(tx, changedNotices(itemIds));
    return itemIds.length;
  }

  private async whyNotEnded(id: bigint): Promise<Error> {
    const [exception] = await this.store.byIds([id]);
    if (!exception) return notFound('Drift exception', String(id));
    const at = exception.endedAt?.toISOString() ?? 'just now';
    return new Refused(refuse('EXCEPTION_ENDED', `This exception ended already (${at}).`));
  }

  private async tell(
    tx: Transaction,
    exceptions: readonly DriftException[],
    kind: string,
    say: (exception: DriftException) => { actor: string; message: string; items: number },
  ): Promise<void> {
    const events = exceptions.map((exception) => {
      const { actor, message, items } = say(exception);
      return { kind, actor, message, ...namesOf(exception), data: { items, reason: exception.reason } };
    });
    await this.activity.record(tx, events);
    await this.activity.notify(
      tx,
      exceptions.map(({ id }) => ({
        topic: 'drift-exception.changed',
        payload: { exceptionId: String(id) },
      })),
    );
    tx.afterCommit(() => events.forEach(({ message, ...fields }) => this.log.info(message, fields)));
  }
}

function namesOf({ application, environment, cluster }: ExceptionScope) {
  return {
    ...(application !== '' && { application }),
    ...(environment !== '' && { environment }),
    ...(cluster !== '' && { cluster }),
  };
}

function reopenedText(items: number): string {
  if (items === 0) return 'nothing is open that it accepted';
  return `${items === 1 ? '1 difference counts' : `${items} differences count`} as drift again`;
}
