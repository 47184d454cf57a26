// What agents are answered when they join, renew their credential and say hello.
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { RefusalType } from '../../platform/graphql/payload.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Refusal } from '../../platform/refusal.ts';

@ObjectType({ description: 'Who the cluster is from now on, or why it was not let in.' })
export class JoinClusterPayload {
  @Field(() => ID, { nullable: true, description: 'For renewCredential.' })
  clusterId?: string | null;

  @Field(() => String, { nullable: true, description: 'The name that it has in the hub.' })
  clusterName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The bearer token of all other operations; shown this once.',
  })
  credential?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the credential ends.' })
  expiresAt?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False while a person must accept the cluster first.',
  })
  accepted?: boolean | null;

  @Field(() => RefusalType, { nullable: true, description: 'Why it was not let in.' })
  refusal?: Refusal | null;
}

@ObjectType({ description: 'A new credential, or why there is none.' })
export class RenewCredentialPayload {
  @Field(() => String, {
    nullable: true,
    description: 'The old one stays valid until this one was used once.',
  })
  credential?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the credential ends.' })
  expiresAt?: Date | null;

  @Field(() => DateTimeScalar, {
    description: 'The hub’s clock: what to sign with after the refusal RENEWAL_TIME.',
  })
  hubTime!: Date;

  @Field(() => RefusalType, { nullable: true, description: 'Why there is none.' })
  refusal?: Refusal | null;
}

@ObjectType({ description: 'A session of an agent, or why there is none.' })
export class AgentHelloPayload {
  @Field(() => Float, {
    nullable: true,
    description: 'Reports carry it. A later hello of the same cluster ends this session.',
  })
  session?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The database’s identity: another one means a full compare.',
  })
  epoch?: string | null;

  @Field(() => Int, { description: 'The oldest protocol version that the hub serves.' })
  minProtocolVersion!: number;

  @Field(() => Int, { description: 'The newest protocol version that the hub serves.' })
  maxProtocolVersion!: number;

  @Field(() => Int, {
    description: 'Milliseconds until the first ping; each pong carries the next as nextPingMs.',
  })
  heartbeatIntervalMs!: number;

  @Field(() => DateTimeScalar, { description: 'The hub’s clock.' })
  hubTime!: Date;

  @Field(() => RefusalType, {
    nullable: true,
    description: 'PROTOCOL_UNSUPPORTED names the range that is served.',
  })
  refusal?: Refusal | null;
}
