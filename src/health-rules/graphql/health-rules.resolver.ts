// Health rules of the hub: people save and read them, agents fetch them.
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { ForAgents } from '../../clusters/graphql/agents-only.decorator.ts';
import { payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import { HealthRulesCommands } from '../health-rules-commands.ts';
import { HealthRulesQueries } from '../health-rules-queries.ts';
import { AgentHealthRules } from './agent-health-rules.type.ts';

const SaveHealthRulesPayload = payloadOf('SaveHealthRulesPayload', 'healthRules', JsonScalar);
type SaveHealthRulesPayload = Payload<{ healthRules: typeof JsonScalar }>;

@Resolver()
export class HealthRulesResolver {
  constructor(
    private readonly commands: HealthRulesCommands,
    private readonly queries: HealthRulesQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => JsonScalar, {
    description: "Health rules for every application; an application's own come before them.",
  })
  async healthRules(): Promise<unknown> {
    return (await this.queries.ofHub()).rules;
  }

  @Requires('ADMIN')
  @Mutation(() => SaveHealthRulesPayload, {
    description:
      'Replaces them all; refused with every mistake and its place. An empty list takes them back.',
  })
  async saveHealthRules(
    @Args('rules', {
      type: () => JsonScalar,
      description:
        'A list of rules, or an object with `rules`; as a text (YAML or JSON) mistakes are told with line and column.',
    })
    rules: unknown,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SaveHealthRulesPayload> {
    const saved = await this.commands.save(rules, caller);
    return toPayload(saved, (now) => ({ healthRules: now.rules }));
  }

  @ForAgents()
  @Query(() => AgentHealthRules, {
    description: 'For agents: fetched when `assignments` names another digest than the one they have.',
  })
  async agentHealthRules(): Promise<AgentHealthRules> {
    const { rules, digest } = await this.queries.ofHub();
    return { rules, digest };
  }
}
