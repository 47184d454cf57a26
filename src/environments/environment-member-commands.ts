// Keeps the membership of environments: which accepted clusters each selector matches.
// Apart from EnvironmentCommands, because delivery calls this inside the `follow` that those commands ask for.
import { Injectable } from '@nestjs/common';
import type { FleetScope } from '../clusters/fleet-membership-port.ts';
import type { Transaction } from '../platform/database/database.ts';
import { EnvironmentStore } from './environment-store.ts';

@Injectable()
export class EnvironmentMemberCommands {
  constructor(private readonly environments: EnvironmentStore) {}

  /**
   * Brings `environment_member` in line for everything in `scope`: accepted clusters that are neither revoked nor
   * being deleted. Application and policy ids in the scope concern no membership.
   */
  async refreshMembers(tx: Transaction, scope: FleetScope): Promise<void> {
    await this.environments.refreshMembers(tx, scope);
  }
}
