// Saves named secrets. A value goes in, sealed, and never comes out through the API, an event or a log.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { ActivityLog } from '../../activity/activity-log.ts';
import { nameProblem } from '../../clusters/domain/resource-name.ts';
import { Database } from '../../platform/database/database.ts';
import { invalid } from '../../platform/errors.ts';
import { HubSecretStore, type SavedSecret } from './hub-secret-store.ts';

const MIN_CHARACTERS = 16;
const MAX_CHARACTERS = 4_096;

@Injectable()
export class HubSecretCommands {
  constructor(
    private readonly database: Database,
    private readonly secrets: HubSecretStore,
    private readonly activity: ActivityLog,
  ) {}

  /** Takes the place of the value before; questions that were asked already are answered under the new one. */
  save(name: string, value: string, caller: UserPrincipal): Promise<SavedSecret> {
    const problems = [nameProblem('secret', name), lengthProblem(value)].filter(
      (problem) => problem !== undefined,
    );
    if (problems.length > 0) throw invalid('saveSecret', problems);
    return this.database.transaction(async (tx) => {
      const saved = await this.secrets.save(tx, name, value, caller.user);
      const message = `${caller.user} saved the secret "${name}".`;
      await this.activity.record(tx, [{ kind: 'secret.saved', actor: caller.user, message }]);
      return saved;
    });
  }
}

function lengthProblem({ length }: string): string | undefined {
  if (length >= MIN_CHARACTERS && length <= MAX_CHARACTERS) return undefined;
  return `the value has ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters, and this one has ${length}; make one with: openssl rand -hex 32.`;
}
