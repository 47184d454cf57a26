// Reads the hub's health rules, for people and for agents.
import { Injectable } from '@nestjs/common';
import type { HubHealthRules } from './domain/hub-health-rules.ts';
import { HealthRulesStore } from './health-rules-store.ts';

@Injectable()
export class HealthRulesQueries {
  constructor(private readonly store: HealthRulesStore) {}

  ofHub(): Promise<HubHealthRules> {
    return this.store.find();
  }
}
