// The frame of every change that may add or remove instances: fleet lock first, the change, then the instances follow.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { refusable, type Refusal } from '../platform/refusal.ts';
import { FleetLock, type FleetLockMode } from './fleet-lock-port.ts';
import {
  FleetMembership,
  followOrRefuse,
  type FleetScope,
  type RemovalConsent,
} from './fleet-membership-port.ts';

@Injectable()
export class FleetChanges {
  constructor(
    private readonly database: Database,
    private readonly lock: FleetLock,
    private readonly fleet: FleetMembership,
  ) {}

  /** A transaction that holds the fleet lock; a `Refused` thrown in it undoes everything and is answered. */
  change<T>(mode: FleetLockMode, work: (tx: Transaction) => Promise<T>): Promise<T | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        await this.lock.take(tx, mode);
        return work(tx);
      }),
    );
  }

  /** Refuses (REMOVES_INSTANCES) where the consent does not cover what would go. */
  follow(tx: Transaction, scope: FleetScope, consent: RemovalConsent): Promise<void> {
    return followOrRefuse(this.fleet, tx, scope, consent);
  }
}
