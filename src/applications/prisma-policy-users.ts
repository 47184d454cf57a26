// Tells policies which applications follow them.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { PolicyUsers, type PolicyFollower } from '../policies/policy-users-port.ts';

@Injectable()
export class PrismaPolicyUsers extends PolicyUsers {
  override followersOf(tx: Transaction, policies: readonly string[]): Promise<PolicyFollower[]> {
    return tx.sql<PolicyFollower>(
      `select a.name application, p.name policy from application a join policy p on p.id = a.policy_id
        where p.name = any($1::text[]) order by a.name`,
      [policies],
    );
  }
}
