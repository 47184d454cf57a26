// Queries and mutations of policies.
import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { toConsent } from '../../clusters/graphql/removal-args.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { PolicyCommands } from '../policy-commands.ts';
import { PolicyQueries } from '../policy-queries.ts';
import { SavePolicyArgs } from './policy.inputs.ts';
import { PolicyType, toPolicyType } from './policy.type.ts';
import { toPolicySteps } from './to-policy-step.ts';

const SavePolicyPayload = payloadOf('SavePolicyPayload', 'policy', PolicyType);
type SavePolicyPayload = Payload<{ policy: typeof PolicyType }>;

@Resolver(() => PolicyType)
export class PolicyResolver {
  constructor(
    private readonly commands: PolicyCommands,
    private readonly queries: PolicyQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => PolicyType, {
    nullable: true,
    description: 'One policy, in its current or in an older revision.',
  })
  async policy(
    @Args('name', { type: () => String, description: 'Its name.' }) name: string,
    @Args('revision', { type: () => Int, nullable: true, description: 'Left out: the current one.' })
    revision?: number | null,
  ): Promise<PolicyType | null> {
    const policy = await this.queries.byName(name, revision ?? undefined);
    return policy ? toPolicyType(policy) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(PolicyType), { description: 'All policies in their current revisions, by name.' })
  async policies(@Args() { first, after }: PageArgs): Promise<Connection<PolicyType>> {
    const page = await this.queries.page(first, decodeCursor(after, ['string'])?.[0]);
    return toConnection(page, { node: toPolicyType, sortKey: (policy) => [policy.name] }, after);
  }

  @Requires('ADMIN')
  @Mutation(() => SavePolicyPayload, {
    description:
      'Saves a policy as a new revision; INVALID names every problem at once. Refused where instances would go that were not confirmed.',
  })
  async savePolicy(
    @Args() { input, ...removals }: SavePolicyArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SavePolicyPayload> {
    const request = { name: input.name, ...toPolicySteps(input.steps) };
    const saved = await this.commands.save(request, toConsent(removals), caller);
    return toPayload(saved, (policy) => ({ policy: toPolicyType(policy) }));
  }
}
