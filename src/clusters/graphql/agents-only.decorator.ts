// Agents' operations, and the agent that calls.
import { createParamDecorator, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import { AllowedCallers } from '../../access/graphql/allowed-callers.decorator.ts';
import { callerOf } from '../../access/graphql/current-caller.decorator.ts';
import { isAgent, type AgentPrincipal } from '../domain/agent-principal.ts';

/** Only with a cluster's credential; what it may see and say is its own cluster's. */
export function ForAgents(): CustomDecorator {
  return AllowedCallers({ callers: 'agents' });
}

/** `@CurrentAgent() agent: AgentPrincipal`, on operations and routes with `@ForAgents`. */
export const CurrentAgent = createParamDecorator((_: unknown, context: ExecutionContext): AgentPrincipal => {
  const caller = callerOf(context);
  if (isAgent(caller)) return caller;
  throw new Error('@CurrentAgent() stands on an operation that is not for agents: it needs @ForAgents.');
});
