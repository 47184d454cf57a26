// The people's API of join tokens.
import { Args, ArgsType, Context, Field, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { Config } from '../../platform/config/config.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId, encodeId } from '../../platform/graphql/opaque-id.ts';
import { payloadOf } from '../../platform/graphql/payload.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { JoinTokenCommands } from '../join-token-commands.ts';
import { JoinTokenQueries } from '../join-token-queries.ts';
import { installCommand } from '../domain/install-command.ts';
import type { JoinToken } from '../domain/join-token.ts';
import { CreateJoinTokenInput, toJoinTokenInput } from './join-token.inputs.ts';
import { JoinTokenType } from './join-token.type.ts';

const CreateJoinTokenPayload = payloadOf('CreateJoinTokenPayload', 'joinToken', JoinTokenType, {
  secret: String,
  helmCommand: String,
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
    private readonly config: Config,
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
    description:
      'Makes a join token; its secret is shown this once, by itself and in the line that installs an agent with it.',
  })
  async createJoinToken(
    @Args('input', { description: 'The token.' }) input: CreateJoinTokenInput,
    @CurrentUser() caller: UserPrincipal,
    @Context() { origin }: RequestContext,
  ): Promise<{ joinToken: JoinTokenType; secret: string; helmCommand: string }> {
    const { joinToken, secret } = await this.commands.create(toJoinTokenInput(input), caller);
    const hubUrl = this.config.publicUrl ?? origin ?? `http://127.0.0.1:${this.config.port}`;
    const helmCommand = installCommand({ hubUrl, token: secret, clusterName: joinToken.clusterName });
    return { joinToken: toJoinTokenType(joinToken), secret, helmCommand };
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
