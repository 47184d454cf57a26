// The gates and approvals of promotions for people, many promotions at once.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import { listApprovals, listGates, type ListedApproval, type ListedGate } from './domain/list-gates.ts';
import type { Promotion } from './domain/promotion.ts';
import { GateReader } from './gate-reader.ts';

/** What people see of one promotion's gates. */
export interface ShownGates {
  readonly gates: readonly ListedGate[];
  readonly approvals: readonly ListedApproval[];
}

@Injectable()
export class PromotionGates {
  constructor(
    private readonly database: Database,
    private readonly reader: GateReader,
  ) {}

  /** In the order of the promotions. */
  of(promotions: readonly Promotion[]): Promise<ShownGates[]> {
    return this.database.transaction(async (tx) => {
      const facts = await this.reader.factsOf(tx, promotions);
      return facts.map((own, index) => ({
        gates: listGates(own, promotions[index]?.state ?? 'PENDING', own.readAt),
        approvals: listApprovals(own, own.readAt),
      }));
    });
  }
}
