// Writes events and notices in the caller's transaction, and rings the relay once that is committed.
import { Injectable } from '@nestjs/common';
import type { SqlTransaction } from '../platform/database/database.ts';
import { ActivityLog, type NewEvent, type Notice } from './activity-log.ts';
import { ActivityStore } from './activity-store.ts';
import { OutboxBell } from './outbox-bell.ts';

@Injectable()
export class OutboxActivityLog extends ActivityLog {
  constructor(
    private readonly store: ActivityStore,
    private readonly bell: OutboxBell,
  ) {
    super();
  }

  override async record(tx: SqlTransaction, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.store.record(tx, events);
    tx.afterCommit(() => this.bell.ring());
  }

  override async notify(tx: SqlTransaction, notices: readonly Notice[]): Promise<void> {
    if (notices.length === 0) return;
    await this.store.notify(tx, notices);
    tx.afterCommit(() => this.bell.ring());
  }
}
