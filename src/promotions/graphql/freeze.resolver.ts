// Freezes: listed, made and ended.
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import { payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { FreezeCommands } from '../freezes/freeze-commands.ts';
import { FreezeStore } from '../freezes/freeze-store.ts';
import {
  EndFreezeArgs,
  FreezeFilterArgs,
  FreezeInput,
  FreezeType,
  toFreezeRequest,
  toFreezeType,
} from './freeze.type.ts';

const FreezePayload = payloadOf('FreezePayload', 'freeze', FreezeType);
type FreezePayload = Payload<{ freeze: typeof FreezeType }>;

@Resolver(() => FreezeType)
export class FreezeResolver {
  constructor(
    private readonly commands: FreezeCommands,
    private readonly store: FreezeStore,
  ) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(FreezeType), { description: 'Freezes, the newest first.' })
  async freezes(
    @Args() { active }: FreezeFilterArgs,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<FreezeType>> {
    const [before] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.store.page(active ?? undefined, first, before);
    return toConnection(page, { node: toFreezeType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('OPERATOR')
  @Mutation(() => FreezePayload, {
    description: 'Lets nothing in its scope start; what rolls follows its policy.',
  })
  async createFreeze(
    @Args('input', { type: () => FreezeInput, description: 'What is frozen, how long, and why.' })
    input: FreezeInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<FreezePayload> {
    const result = await this.commands.create(toFreezeRequest(input), caller);
    return toPayload(result, (freeze) => ({ freeze: toFreezeType(freeze) }));
  }

  @Requires('OPERATOR')
  @Mutation(() => FreezePayload, { description: 'Ends a freeze before its time.' })
  async endFreeze(
    @Args() { id, reason }: EndFreezeArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<FreezePayload> {
    const result = await this.commands.end(decodeId('freeze', id), reason, caller);
    return toPayload(result, (freeze) => ({ freeze: toFreezeType(freeze) }));
  }
}
