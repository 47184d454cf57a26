// Named secrets of webhooks: sealed where they are kept, opened only to sign.
import type { Transaction } from '../../platform/database/database.ts';

/** What may be told of a secret. */
export interface SavedSecret {
  readonly name: string;
  readonly savedBy: string;
  readonly savedAt: Date;
}

export abstract class HubSecretStore {
  abstract save(tx: Transaction, name: string, value: string, savedBy: string): Promise<SavedSecret>;
  /** Its value, for signing; `undefined` where nobody saved one of that name. */
  abstract open(name: string): Promise<Buffer | undefined>;
}
