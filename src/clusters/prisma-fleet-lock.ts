// The fleet lock as a Postgres advisory lock: shared for single clusters, exclusive for the rest.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { FleetLock, type FleetLockMode } from './fleet-lock-port.ts';

const FLEET_LOCK_KEY = 4_070_001;

@Injectable()
export class PrismaFleetLock extends FleetLock {
  override async take(tx: Transaction, mode: FleetLockMode): Promise<void> {
    const call = mode === 'FLEET' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
    await tx.sql(`select ${call}($1)`, [FLEET_LOCK_KEY]);
  }
}
