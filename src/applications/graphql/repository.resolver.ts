// Queries and mutations of repositories.
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { DeletePayload, payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import type { CredentialRequest } from '../domain/repository-credential.ts';
import { RepositoryCommands } from '../repository-commands.ts';
import { RepositoryQueries } from '../repository-queries.ts';
import type { Repository } from '../repository-store.ts';
import { RepositoryInput } from './repository.inputs.ts';
import { RepositoryType } from './repository.type.ts';

const SaveRepositoryPayload = payloadOf('SaveRepositoryPayload', 'repository', RepositoryType);
type SaveRepositoryPayload = Payload<{ repository: typeof RepositoryType }>;

@Resolver(() => RepositoryType)
export class RepositoryResolver {
  constructor(
    private readonly commands: RepositoryCommands,
    private readonly queries: RepositoryQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(RepositoryType), { description: 'Repositories by address.' })
  async repositories(@Args() { first, after }: PageArgs): Promise<Connection<RepositoryType>> {
    const page = await this.queries.page(first, decodeCursor(after, ['string'])?.[0]);
    return toConnection(page, { node: toRepositoryType, sortKey: ({ url }) => [url] }, after);
  }

  @Requires('ADMIN')
  @Mutation(() => SaveRepositoryPayload, { description: 'Saves a repository and its credential.' })
  async saveRepository(
    @Args('input', { type: () => RepositoryInput, description: 'The whole repository.' })
    { url, ...credential }: RepositoryInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SaveRepositoryPayload> {
    const saved = await this.commands.save(url, given(credential), caller);
    return { repository: toRepositoryType(saved) };
  }

  @Requires('ADMIN')
  @Mutation(() => DeletePayload, {
    description: 'Deletes a repository; refused while an application uses it.',
  })
  async deleteRepository(
    @Args('url', { type: () => String, description: 'Its address.' }) url: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DeletePayload> {
    return toPayload(await this.commands.delete(url, caller), () => ({ deleted: true }));
  }
}

function toRepositoryType({
  url,
  credentialKind,
  lastFetchedAt,
  lastCommit,
  fault,
}: Repository): RepositoryType {
  return { url, credential: credentialKind, lastFetchedAt, lastCommit, error: fault };
}

/** Null, empty and left out are the same. */
function given(input: Omit<RepositoryInput, 'url'>): CredentialRequest {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
}
