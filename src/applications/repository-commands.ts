// Saves and deletes repositories. A credential goes in, sealed, and never comes out through the API.
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../access/domain/caller.ts';
import { ActivityLog } from '../activity/activity-log.ts';
import { Config } from '../platform/config/config.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { SecretBox } from '../platform/secret-box.ts';
import { credentialOf, credentialProblems, type CredentialRequest } from './domain/repository-credential.ts';
import { repositoryProtocol, repositoryUrlProblem } from './domain/repository-url.ts';
import { RepositoryStore, type Repository } from './repository-store.ts';
import { credentialPurpose } from './repository-queries.ts';

const EXAMPLES = 5;

@Injectable()
export class RepositoryCommands {
  constructor(
    private readonly database: Database,
    private readonly repositories: RepositoryStore,
    private readonly activity: ActivityLog,
    private readonly secrets: SecretBox,
    private readonly config: Config,
  ) {}

  /** Replaces the whole credential: what is left out is gone. */
  async save(url: string, request: CredentialRequest, caller: UserPrincipal): Promise<Repository> {
    this.check(url, request);
    const credential = credentialOf(request);
    const sealed = this.secrets.seal(JSON.stringify(credential), credentialPurpose(url));
    return this.database.transaction(async (tx) => {
      const saved = await this.repositories.save(tx, url, credential.kind, sealed);
      await this.tell(
        tx,
        'repository.saved',
        `Repository ${url} was saved, credential ${credential.kind}.`,
        caller,
      );
      const waiting = await this.repositories.applicationIds(tx, saved.id);
      await this.activity.notify(
        tx,
        waiting.map((id) => ({ topic: 'application.saved', payload: { applicationId: `${id}` } }) as const),
      );
      return saved;
    });
  }

  /** REPOSITORY_IN_USE names applications that use it. */
  delete(url: string, caller: UserPrincipal): Promise<true | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const repository = await this.repositories.lockByUrl(tx, url);
        if (!repository) throw notFound('Repository', url);
        const users = await this.repositories.usedBy(tx, repository.id, EXAMPLES);
        if (users.length > 0) throw new Refused(inUse(url, users));
        await this.repositories.delete(tx, repository.id);
        await this.tell(tx, 'repository.deleted', `Repository ${url} was deleted.`, caller);
        return true as const;
      }),
    );
  }

  private check(url: string, request: CredentialRequest): void {
    const protocol = repositoryProtocol(url);
    const urlProblem = repositoryUrlProblem(url, this.config.fileRepositories);
    const problems = [
      ...(urlProblem === undefined ? [] : [urlProblem]),
      ...(protocol ? credentialProblems(protocol, request) : []),
    ];
    if (problems.length > 0) throw invalid('saveRepository', problems);
  }

  private tell(tx: Transaction, kind: string, message: string, caller: UserPrincipal): Promise<void> {
    return this.activity.record(tx, [{ kind, actor: caller.user, message }]);
  }
}

function inUse(url: string, users: readonly string[]): Refusal {
  const names = users.map((name) => `"${name}"`).join(', ');
  return refuse(
    'REPOSITORY_IN_USE',
    `Repository ${url} is the source of ${names}${users.length === EXAMPLES ? ' and perhaps others' : ''}: delete or move them first.`,
    users.map((name) => `Application "${name}" uses it.`),
  );
}
