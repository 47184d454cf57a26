// Reads repositories: for people without credentials, for releases with them.
import { Injectable } from '@nestjs/common';
import type { RepositoryAccess } from '../platform/git/repository-access.ts';
import type { Page } from '../platform/graphql/connection.ts';
import { SecretBox } from '../platform/secret-box.ts';
import type { StoredCredential } from './domain/repository-credential.ts';
import { RepositoryStore, type Repository } from './repository-store.ts';

/** Binds a sealed credential to its address: it opens for no other. */
export const credentialPurpose = (url: string) => `repository:${url}`;

@Injectable()
export class RepositoryQueries {
  constructor(
    private readonly repositories: RepositoryStore,
    private readonly secrets: SecretBox,
  ) {}

  page(first: number, after: string | undefined): Promise<Page<Repository>> {
    return this.repositories.page(first, after);
  }

  /** Those that an application uses. */
  idsInUse(): Promise<bigint[]> {
    return this.repositories.idsInUse();
  }

  /** Address and opened credential: for the Git adapter alone. `undefined` where it was deleted. */
  async access(id: bigint): Promise<RepositoryAccess | undefined> {
    const found = await this.repositories.findSealed(id);
    if (!found) return undefined;
    if (!found.credential) return { url: found.url, credential: { kind: 'NONE' } };
    const opened = this.secrets.open(found.credential, credentialPurpose(found.url));
    return { url: found.url, credential: JSON.parse(opened.toString()) as StoredCredential };
  }
}
