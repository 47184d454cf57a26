// Records how the last fetch of a repository went; releases calls it.
import { Injectable } from '@nestjs/common';
import type { SourceFault } from './domain/application.ts';
import { RepositoryStore } from './repository-store.ts';

@Injectable()
export class RepositoryFetchCommands {
  constructor(private readonly repositories: RepositoryStore) {}

  /** Clears the fault. */
  fetched(id: bigint, at: Date, commit: string | undefined): Promise<void> {
    return this.repositories.recordFetch(id, at, commit);
  }

  failed(id: bigint, fault: SourceFault): Promise<void> {
    return this.repositories.recordFault(id, fault);
  }
}
