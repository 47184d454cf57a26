// Named secrets in Postgres, sealed for their name alone.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { SecretBox } from '../../platform/secret-box.ts';
import { HubSecretStore, type SavedSecret } from './hub-secret-store.ts';

@Injectable()
export class PrismaHubSecretStore extends HubSecretStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  override async save(tx: Transaction, name: string, value: string, savedBy: string): Promise<SavedSecret> {
    const [saved] = await tx.sql<SavedSecret>(
      `insert into hub_secret (name, value, saved_by) values ($1, $2, $3)
       on conflict (name) do update set value = excluded.value, saved_by = excluded.saved_by, saved_at = now()
       returning name, saved_by "savedBy", saved_at "savedAt"`,
      [name, this.box.seal(value, purpose(name)), savedBy],
    );
    if (!saved) throw new Error(`The secret "${name}" was not written.`);
    return saved;
  }

  override async open(name: string): Promise<Buffer | undefined> {
    const [row] = await this.database.sql<{ value: Buffer }>('select value from hub_secret where name = $1', [
      name,
    ]);
    return row && this.box.open(row.value, purpose(name));
  }
}

function purpose(name: string): string {
  return `hub secret:${name}`;
}
