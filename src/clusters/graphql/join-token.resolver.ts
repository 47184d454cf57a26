// The people's API of join tokens.
import { Args, ArgsType, Field, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId, encodeId } from '../../platform/graphql/opaque-id.ts';
import { payloadOf } from '../../platform/graphql/payload.ts';
import { JoinTokenCommands } from '../join-token-commands.ts';
import { JoinTokenQueries } from '../join-token-queries.ts';
import type { JoinToken } from '../domain/join-token.ts';
import { CreateJoinTokenInput, toJoinTokenInput } from './join-token.inputs.ts';
import { JoinTokenType } from './join-token.type.ts';

const CreateJoinTokenPayload = payloadOf('CreateJoinTokenPayload', 'joinToken', JoinTokenType, {
  secret: String,
});
const RevokeJoinTokenPayload = payloadOf('RevokeJoinTokenPayload', 'joinToken', JoinTokenType);

@ArgsType()
class JoinTokensArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only those with which a cluster may still join; false: only the others.',
  })
  active?: boolean | null;
}

@Resolver(() => JoinTokenType)
export class JoinTokenResolver {
  constructor(
    private readonly commands: JoinTokenCommands,
    private readonly queries: JoinTokenQueries,
  ) {}

  @Requires('ADMIN')
  @Query(() => connectionOf(JoinTokenType), { description: 'Join tokens, newest first.' })
  async joinTokens(@Args() { first, after, active }: JoinTokensArgs): Promise<Connection<JoinTokenType>> {
    const [before] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.queries.page(active ?? undefined, first, before);
    return toConnection(page, { node: toJoinTokenType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('ADMIN')
  @Mutation(() => CreateJoinTokenPayload, {
    description: 'Makes a join token; its secret is shown this once.',
  })
  async createJoinToken(
    @Args('input', { description: 'The token.' }) input: CreateJoinTokenInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<{ joinToken: JoinTokenType; secret: string }> {
    const { joinToken, secret } = await this.commands.create(toJoinTokenInput(input), caller);
    return { joinToken: toJoinTokenType(joinToken), secret };
  }

  @Requires('ADMIN')
  @Mutation(() => RevokeJoinTokenPayload, {
    description: 'Ends a join token; clusters that joined with it stay.',
  })
  async revokeJoinToken(
    @Args('id', { type: () => ID, description: 'Of the token.' }) id: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<{ joinToken: JoinTokenType }> {
    return { joinToken: toJoinTokenType(await this.commands.revoke(decodeId('joinToken', id), caller)) };
  }
}

function toJoinTokenType(token: JoinToken): JoinTokenType {
  return { ...token, id: encodeId('joinToken', token.id) };
}
