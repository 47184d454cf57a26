// Holds in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { slotId } from '../domain/slot-id.ts';
import type { SlotKey } from '../promotion-store.ts';
import { HoldStore, type Hold } from './hold-store.ts';

const columns =
  'hold_reason reason, coalesce(hold_by, \'fairlead\') "createdBy", hold_at "createdAt", hold_until "until"';
const isOn = 'hold_reason is not null and coalesce(hold_until > now(), true)';

@Injectable()
export class PrismaHoldStore extends HoldStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async hold(tx: Transaction, key: SlotKey, hold: Omit<Hold, 'createdAt'>): Promise<void> {
    await tx.sql(
      `update slot set hold_reason = $3, hold_by = $4, hold_until = $5, hold_at = now(), hold_release_id = null
        where application_id = $1 and environment_id = $2`,
      [key.applicationId, key.environmentId, hold.reason, hold.createdBy, hold.until],
    );
  }

  override async release(tx: Transaction, key: SlotKey): Promise<Hold | undefined> {
    const values = [key.applicationId, key.environmentId];
    const where = 'application_id = $1 and environment_id = $2';
    const [held] = await tx.sql<Hold>(`select ${columns} from slot where ${where} and ${isOn}`, values);
    await tx.sql(
      `update slot set hold_reason = null, hold_by = null, hold_until = null, hold_at = null, hold_release_id = null
        where ${where}`,
      values,
    );
    return held;
  }

  override async holdsOf(keys: readonly SlotKey[]): Promise<Map<string, Hold>> {
    const rows = await this.database.sql<Hold & SlotKey>(
      `select application_id "applicationId", environment_id "environmentId", ${columns} from slot
        where (application_id, environment_id) in (select * from unnest($1::bigint[], $2::bigint[])) and ${isOn}`,
      [keys.map((key) => key.applicationId), keys.map((key) => key.environmentId)],
    );
    return new Map(rows.map((row) => [slotId(row), row]));
  }
}
