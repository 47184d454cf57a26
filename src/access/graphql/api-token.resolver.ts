// The API of tokens: who am I, make, list, revoke.
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId, encodeId } from '../../platform/graphql/opaque-id.ts';
import { payloadOf } from '../../platform/graphql/payload.ts';
import { ApiTokenCommands } from '../api-token-commands.ts';
import { ApiTokenQueries } from '../api-token-queries.ts';
import type { ApiToken } from '../domain/api-token.ts';
import type { UserPrincipal } from '../domain/caller.ts';
import { CreateApiTokenInput } from './api-token.inputs.ts';
import { ApiTokenType, ViewerType } from './api-token.type.ts';
import { CurrentUser } from './current-user.decorator.ts';
import { Requires } from './requires.decorator.ts';

const CreateApiTokenPayload = payloadOf('CreateApiTokenPayload', 'apiToken', ApiTokenType, {
  secret: String,
});
const RevokeApiTokenPayload = payloadOf('RevokeApiTokenPayload', 'apiToken', ApiTokenType);

@Resolver()
export class ApiTokenResolver {
  constructor(
    private readonly commands: ApiTokenCommands,
    private readonly queries: ApiTokenQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => ViewerType, { description: 'Who calls, by the token that was sent.' })
  viewer(@CurrentUser() { name, user, role }: UserPrincipal): ViewerType {
    return { name, user, role };
  }

  @Requires('ADMIN')
  @Query(() => connectionOf(ApiTokenType), { description: 'All API tokens, newest first.' })
  async apiTokens(@Args() { first, after }: PageArgs): Promise<Connection<ApiTokenType>> {
    const [before] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.queries.page(first, before);
    return toConnection(page, { node: toApiTokenType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('ADMIN')
  @Mutation(() => CreateApiTokenPayload, {
    description: 'Makes an API token; its secret is shown this once.',
  })
  async createApiToken(
    @Args('input', { description: 'The token.' }) input: CreateApiTokenInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<{ apiToken: ApiTokenType; secret: string }> {
    const { expiresIn = null, emails, ...rest } = input;
    const request = { ...rest, emails: emails ?? [], expiresInMs: expiresIn };
    const { apiToken, secret } = await this.commands.create(request, caller);
    return { apiToken: toApiTokenType(apiToken), secret };
  }

  @Requires('ADMIN')
  @Mutation(() => RevokeApiTokenPayload, { description: 'Ends an API token, its open sockets included.' })
  async revokeApiToken(
    @Args('id', { type: () => ID, description: 'Of the token.' }) id: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<{ apiToken: ApiTokenType }> {
    return { apiToken: toApiTokenType(await this.commands.revoke(decodeId('apiToken', id), caller)) };
  }
}

function toApiTokenType(token: ApiToken): ApiTokenType {
  return { ...token, id: encodeId('apiToken', token.id) };
}
