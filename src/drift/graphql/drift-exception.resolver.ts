// What people decide about drift: that it may stay for a while, or that it is healed now.
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import { payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { DriftQueries } from '../drift-queries.ts';
import { ExceptionCommands } from '../exception-commands.ts';
import { HealCommands } from '../heal-commands.ts';
import { DriftExceptionType, toDriftExceptionType } from './drift-exception.type.ts';
import { DriftExceptionInput, DriftFilterInput, toDriftFilter, toExceptionScope } from './drift.inputs.ts';

const DriftExceptionPayload = payloadOf('DriftExceptionPayload', 'exception', DriftExceptionType);
type DriftExceptionPayload = Payload<{ exception: typeof DriftExceptionType }>;
const HealDriftPayload = payloadOf('HealDriftPayload', 'instances', Int);
type HealDriftPayload = Payload<{ instances: typeof Int }>;

@Resolver(() => DriftExceptionType)
export class DriftExceptionResolver {
  constructor(
    private readonly queries: DriftQueries,
    private readonly exceptions: ExceptionCommands,
    private readonly heals: HealCommands,
  ) {}

  @Requires('VIEWER')
  @Query(() => connectionOf(DriftExceptionType), { description: 'Accepted drift, newest first.' })
  async driftExceptions(
    @Args('active', {
      type: () => Boolean,
      nullable: true,
      description: 'Those in force, or those that ended; absent: all.',
    })
    active: boolean | null,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<DriftExceptionType>> {
    const [afterId] = decodeCursor(after, ['bigint']) ?? [];
    const page = await this.queries.exceptionPage(active ?? undefined, { first, after: afterId });
    return toConnection(page, { node: toDriftExceptionType, sortKey: ({ id }) => [id] }, after);
  }

  @Requires('OPERATOR')
  @Mutation(() => DriftExceptionPayload, {
    description: 'Accepts drift until a time: agents leave it alone, and it counts as drift no more.',
  })
  async acceptDrift(
    @Args('input', { description: 'Which, why, and until when.' }) input: DriftExceptionInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DriftExceptionPayload> {
    const { filter, reason, until } = input;
    const scope = toExceptionScope(filter);
    const exception = await this.exceptions.accept({ scope, reason, until, actor: caller.user });
    return { exception: toDriftExceptionType(exception) };
  }

  @Requires('OPERATOR')
  @Mutation(() => DriftExceptionPayload, {
    description: 'Ends an exception before its time: what it accepted is drift again.',
  })
  async endDriftException(
    @Args('id', { type: () => ID, description: 'Of the exception.' }) id: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DriftExceptionPayload> {
    const result = await this.exceptions.end(decodeId('drift exception', id), caller.user);
    return toPayload(result, (exception) => ({ exception: toDriftExceptionType(exception) }));
  }

  @Requires('OPERATOR')
  @Mutation(() => HealDriftPayload, {
    description:
      'Has drift put back once, also where the policy only reports it; answers how many instances are concerned. Agents that stay away for an hour do not hear of it.',
  })
  async healDrift(
    @Args('filter', { description: 'Which drift; accepted drift is left out.' }) filter: DriftFilterInput,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<HealDriftPayload> {
    const result = await this.heals.heal(toDriftFilter(filter), caller.user);
    return toPayload(result, ({ instances }) => ({ instances }));
  }
}
