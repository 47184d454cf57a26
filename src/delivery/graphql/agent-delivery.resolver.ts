// The agents' API of delivery. Whose assignments and reports they are follows from the credential alone.
import { Args, ArgsType, Field, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { AgentPrincipal } from '../../clusters/domain/agent-principal.ts';
import { CurrentAgent, ForAgents } from '../../clusters/graphql/agents-only.decorator.ts';
import { PageArgs } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { mapEvents } from '../../platform/graphql/map-events.ts';
import { AgentFeed } from '../agent-feed.ts';
import { Doorbells } from '../doorbells.ts';
import { ReportCommands } from '../report-commands.ts';
import {
  AgentAssignments,
  AgentDoorbell,
  AssignmentsDigest,
  toAgentAssignments,
} from './agent-assignment.type.ts';
import { ReportBatchInput, toReportBatch } from './agent-report.inputs.ts';
import { ReportResult } from './agent-report.type.ts';

@ArgsType()
class AssignmentsArgs extends PageArgs {
  @Field(() => Int, { description: 'The generation that the agent has; 0: everything.' })
  since!: number;

  @Field(() => String, { nullable: true, description: 'The epoch that this generation is of.' })
  epoch?: string | null;
}

@Resolver()
export class AgentDeliveryResolver {
  constructor(
    private readonly feed: AgentFeed,
    private readonly doorbells: Doorbells,
    private readonly reports: ReportCommands,
  ) {}

  @ForAgents()
  @Query(() => AgentAssignments, {
    description: 'For agents: what changed since a generation, or everything where only that is safe.',
  })
  async assignments(
    @Args() { since, epoch, first, after }: AssignmentsArgs,
    @CurrentAgent() agent: AgentPrincipal,
  ): Promise<AgentAssignments> {
    const position = decodeCursor(after, ['bigint', 'bigint', 'bigint']);
    const answer = await this.feed.assignments(agent, {
      since: BigInt(since),
      epoch: epoch ?? undefined,
      first,
      after: position && { since: position[0], generation: position[1], instanceId: position[2] },
    });
    return toAgentAssignments(answer, position === undefined);
  }

  @ForAgents()
  @Query(() => AssignmentsDigest, {
    description: 'For agents: compared every ten minutes; another digest means that something was missed.',
  })
  async assignmentsDigest(@CurrentAgent() agent: AgentPrincipal): Promise<AssignmentsDigest> {
    const { digest, epoch, generation } = await this.feed.digest(agent);
    return { digest, epoch, generation: Number(generation) };
  }

  @ForAgents()
  @Subscription(() => AgentDoorbell, {
    description: 'For agents: rings at once, and whenever there may be something to fetch. Rings merge.',
  })
  agentDoorbell(@CurrentAgent() { clusterId }: AgentPrincipal): AsyncGenerator<unknown, void, void> {
    return mapEvents(this.doorbells.open(clusterId), (agentDoorbell) => ({ agentDoorbell }));
  }

  @ForAgents()
  @Mutation(() => ReportResult, {
    description: 'For agents: the state of some instances, and what was done.',
  })
  async reportInstances(
    @Args('batch', { description: 'What there is to say.' }) batch: ReportBatchInput,
    @CurrentAgent() agent: AgentPrincipal,
  ): Promise<ReportResult> {
    const { verdicts, nextReportMs } = await this.reports.report(agent, toReportBatch(batch));
    return { verdicts: [...verdicts], nextReportMs };
  }
}
