// Writes the events and notices of a transaction with one statement at its end, and rings the relay once it is committed.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { ActivityLog, type NewEvent, type Notice } from './activity-log.ts';
import { ActivityStore } from './activity-store.ts';
import { OutboxBell } from './outbox-bell.ts';

interface Gathered {
  readonly events: NewEvent[];
  readonly notices: Notice[];
}

@Injectable()
export class OutboxActivityLog extends ActivityLog {
  private readonly gathered = new WeakMap<Transaction, Gathered>();

  constructor(
    private readonly store: ActivityStore,
    private readonly bell: OutboxBell,
  ) {
    super();
  }

  override record(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
    if (events.length > 0) this.gatheredIn(tx).events.push(...events);
    return Promise.resolve();
  }

  override notify(tx: Transaction, notices: readonly Notice[]): Promise<void> {
    if (notices.length > 0) this.gatheredIn(tx).notices.push(...notices);
    return Promise.resolve();
  }

  private gatheredIn(tx: Transaction): Gathered {
    const known = this.gathered.get(tx);
    if (known) return known;
    const gathered: Gathered = { events: [], notices: [] };
    this.gathered.set(tx, gathered);
    tx.beforeCommit(async () => {
      // What is told from here on goes into another statement.
      this.gathered.delete(tx);
      await this.store.add(tx, gathered.events, gathered.notices);
    });
    tx.afterCommit(() => this.bell.ring());
    return gathered;
  }
}
