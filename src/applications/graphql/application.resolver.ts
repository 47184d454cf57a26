// Queries and mutations of applications.
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { DeletePayload, payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import type { Policy } from '../../policies/domain/policy.ts';
import { PolicyType, toPolicyType } from '../../policies/graphql/policy.type.ts';
import { PolicyQueries } from '../../policies/policy-queries.ts';
import { ApplicationCommands } from '../application-commands.ts';
import { ApplicationQueries } from '../application-queries.ts';
import { DeleteApplicationArgs, SaveApplicationArgs } from './application.inputs.ts';
import { ApplicationType, toApplicationType } from './application.type.ts';
import { toApplicationRequest } from './to-application-request.ts';

const SaveApplicationPayload = payloadOf('SaveApplicationPayload', 'application', ApplicationType);
type SaveApplicationPayload = Payload<{ application: typeof ApplicationType }>;

@Resolver(() => ApplicationType)
export class ApplicationResolver {
  constructor(
    private readonly commands: ApplicationCommands,
    private readonly queries: ApplicationQueries,
    private readonly policies: PolicyQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => ApplicationType, { nullable: true, description: 'One application.' })
  async application(
    @Args('name', { type: () => String, description: 'Its name.' }) name: string,
  ): Promise<ApplicationType | null> {
    const application = await this.queries.byName(name);
    return application ? toApplicationType(application) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(ApplicationType), { description: 'Applications by name.' })
  async applications(
    @Args() { first, after }: PageArgs,
    @Args('search', {
      type: () => String,
      nullable: true,
      description: "A part of the name or of the repository's address, in any case.",
    })
    search?: string | null,
  ): Promise<Connection<ApplicationType>> {
    const page = await this.queries.page(search ?? undefined, first, decodeCursor(after, ['string'])?.[0]);
    return toConnection(page, { node: toApplicationType, sortKey: ({ name }) => [name] }, after);
  }

  @Requires('OPERATOR')
  @Mutation(() => SaveApplicationPayload, {
    description: 'Saves an application; its source is fetched and rendered at once.',
  })
  async saveApplication(
    @Args() { input, confirmRemovals, prune }: SaveApplicationArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SaveApplicationPayload> {
    const consent = { confirmRemovals: confirmRemovals ?? undefined, prune };
    const saved = await this.commands.save(toApplicationRequest(input), consent, caller);
    return toPayload(saved, (application) => ({ application: toApplicationType(application) }));
  }

  @Requires('OPERATOR')
  @Mutation(() => DeletePayload, {
    description:
      'Deletes an application with its releases; refused until the number of instances is confirmed.',
  })
  async deleteApplication(
    @Args() { name, confirmRemovals, prune }: DeleteApplicationArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DeletePayload> {
    const deleted = await this.commands.delete(
      name,
      { confirmRemovals: confirmRemovals ?? undefined, prune },
      caller,
    );
    return toPayload(deleted, () => ({ deleted: true }));
  }

  @ResolveField(() => PolicyType, { description: 'Its way through environments, in the current revision.' })
  async policy(@Parent() { row }: ApplicationType, @Context() context: RequestContext): Promise<PolicyType> {
    const loader = context.loader<bigint, Policy | undefined>('policyById', (ids) =>
      this.policies.byIds(ids),
    );
    const policy = await loader.load(row.policyId);
    if (!policy) throw new Error(`application ${row.name} has no policy`);
    return toPolicyType(policy);
  }
}
