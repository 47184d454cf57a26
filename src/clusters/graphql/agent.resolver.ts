// The agents' API of enrolment: join, renew, hello.
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@fairlead/protocol/protocol-version';
import { Public } from '../../access/graphql/public.decorator.ts';
import { Clock } from '../../platform/clock.ts';
import { decodeId, encodeId } from '../../platform/graphql/opaque-id.ts';
import { toPayload } from '../../platform/graphql/payload.ts';
import { EnrolmentCommands } from '../enrolment-commands.ts';
import { LastSeen } from '../last-seen.ts';
import { RenewalCommands } from '../renewal-commands.ts';
import { SessionCommands } from '../session-commands.ts';
import type { AgentPrincipal } from '../domain/agent-principal.ts';
import { AgentHelloInput, JoinClusterInput, RenewCredentialInput } from './agent.inputs.ts';
import { AgentHelloPayload, JoinClusterPayload, RenewCredentialPayload } from './agent.type.ts';
import { CurrentAgent, ForAgents } from './agents-only.decorator.ts';

@Resolver()
export class AgentResolver {
  constructor(
    private readonly enrolment: EnrolmentCommands,
    private readonly renewal: RenewalCommands,
    private readonly sessions: SessionCommands,
    private readonly lastSeen: LastSeen,
    private readonly clock: Clock,
  ) {}

  @Public()
  @Mutation(() => JoinClusterPayload, {
    description:
      'For agents: enrols a cluster. Asked again with the same token and key it answers again, so that a lost answer locks nobody out.',
  })
  async joinCluster(
    @Args('input', { description: 'Who wants to join.' }) input: JoinClusterInput,
  ): Promise<JoinClusterPayload> {
    const { clusterName = null, agentVersion = null, kubernetesVersion = null, ...rest } = input;
    const joined = await this.enrolment.join({ ...rest, clusterName, agentVersion, kubernetesVersion });
    return toPayload(joined, ({ cluster, credential, expiresAt }) => ({
      clusterId: encodeId('cluster', cluster.id),
      clusterName: cluster.name,
      accepted: cluster.acceptedAt !== null,
      credential,
      expiresAt,
    }));
  }

  @Public()
  @Mutation(() => RenewCredentialPayload, {
    description:
      'For agents: a new credential for a signature of the cluster’s key; works also when the old one has expired.',
  })
  async renewCredential(
    @Args('input', { description: 'What was signed, and the signature.' }) input: RenewCredentialInput,
  ): Promise<RenewCredentialPayload> {
    const { issuedAt: issuedAtText, nonce, signature } = input;
    const clusterId = decodeId('cluster', input.clusterId);
    const request = { clusterId, clusterIdText: input.clusterId, issuedAtText, nonce, signature };
    const renewed = await this.renewal.renew(request);
    return { hubTime: this.clock.now(), ...toPayload(renewed, (issued) => issued) };
  }

  @ForAgents()
  @Mutation(() => AgentHelloPayload, {
    description:
      'For agents: begins a session. Sockets that the cluster’s agents opened before are closed, except the one that this came over.',
  })
  async agentHello(
    @Args('input', { description: 'What the agent is.' }) input: AgentHelloInput,
    @CurrentAgent() agent: AgentPrincipal,
  ): Promise<AgentHelloPayload> {
    const { epoch = null, ...hello } = input;
    const begun = await this.sessions.hello(agent, { ...hello, epoch });
    return {
      minProtocolVersion: MIN_PROTOCOL_VERSION,
      maxProtocolVersion: PROTOCOL_VERSION,
      heartbeatIntervalMs: this.lastSeen.heartbeatMs,
      hubTime: this.clock.now(),
      ...toPayload(begun, ({ session, epoch: ours }) => ({ session: Number(session), epoch: ours })),
    };
  }
}
