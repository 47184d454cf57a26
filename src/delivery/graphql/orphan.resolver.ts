// Orphans: agents tell them, people see them on their cluster.
import { Args, Context, Float, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { MAX_REPORTED_ORPHANS } from '@fairlead/protocol/report';
import type { AgentPrincipal } from '../../clusters/domain/agent-principal.ts';
import { CurrentAgent, ForAgents } from '../../clusters/graphql/agents-only.decorator.ts';
import { ClusterType } from '../../clusters/graphql/cluster.type.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { OrphanCommands } from '../orphan-commands.ts';
import { OrphanStore } from '../orphan-store.ts';
import { OrphanInput, toOrphans, toSession } from './orphan.inputs.ts';
import { OrphanType, toOrphanType } from './orphan.type.ts';

@Resolver()
export class OrphanResolver {
  constructor(private readonly commands: OrphanCommands) {}

  @ForAgents()
  @Mutation(() => Boolean, {
    description:
      'For agents: all instances that are kept in the cluster and are not assigned. False where the session is not the newest: nothing is changed then.',
  })
  reportOrphans(
    @Args('session', { type: () => Float, description: 'As agentHello answered it.' }) session: number,
    @Args('orphans', {
      type: () => [OrphanInput],
      description: `All of them, at most ${MAX_REPORTED_ORPHANS}; they replace what was told before.`,
    })
    orphans: OrphanInput[],
    @CurrentAgent() agent: AgentPrincipal,
  ): Promise<boolean> {
    return this.commands.report(agent, toSession(session), toOrphans(orphans));
  }
}

@Resolver(() => ClusterType)
export class ClusterOrphansResolver {
  constructor(private readonly store: OrphanStore) {}

  @ResolveField(() => [OrphanType], {
    description: `What its agent keeps of instances that this hub does not know, by name; at most ${MAX_REPORTED_ORPHANS}.`,
  })
  async orphans(@Parent() { id }: ClusterType, @Context() context: RequestContext): Promise<OrphanType[]> {
    const loader = context.loader('orphans', async (clusterIds: readonly bigint[]) => {
      const orphans = await this.store.ofClusters(clusterIds, MAX_REPORTED_ORPHANS);
      const byCluster = Map.groupBy(orphans, ({ clusterId }) => clusterId);
      return clusterIds.map((clusterId) => byCluster.get(clusterId) ?? []);
    });
    return (await loader.load(decodeId('cluster', id))).map(toOrphanType);
  }
}
