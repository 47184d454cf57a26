// The hub's health rules in Postgres: two columns of its one row, so that a feed that reads the epoch has the digest too.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import type { HubHealthRules } from './domain/hub-health-rules.ts';
import { HealthRulesStore } from './health-rules-store.ts';

const select = 'select health_rules rules, health_rules_digest digest from hub where id = 1';

@Injectable()
export class PrismaHealthRulesStore extends HealthRulesStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async find(): Promise<HubHealthRules> {
    return theOne(await this.database.sql<HubHealthRules>(select));
  }

  override async lock(tx: Transaction): Promise<HubHealthRules> {
    return theOne(await tx.sql<HubHealthRules>(`${select} for update`));
  }

  override async save(tx: Transaction, { rules, digest }: HubHealthRules): Promise<void> {
    await tx.sql('update hub set health_rules = $1::jsonb, health_rules_digest = $2 where id = 1', [
      JSON.stringify(rules),
      digest,
    ]);
  }
}

function theOne([row]: readonly HubHealthRules[]): HubHealthRules {
  if (!row) throw new Error('the table hub has no row: the first migration makes it');
  return row;
}
