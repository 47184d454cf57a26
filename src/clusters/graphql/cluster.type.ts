// A cluster, as the API shows it.
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { Cluster } from '../domain/cluster.ts';
import { connectionStates, type ConnectionState } from '../domain/connection-state.ts';
import type { Labels } from '../domain/labels.ts';

/** Enum object for `@Field(() => ConnectionStateEnum)`. */
export const ConnectionStateEnum = Object.fromEntries(connectionStates.map((state) => [state, state])) as {
  [S in ConnectionState]: S;
};

registerEnumType(ConnectionStateEnum, {
  name: 'ConnectionState',
  description: 'Whether a cluster’s agent is there.',
  valuesMap: {
    ONLINE: { description: 'Heard within the last 90 s, unless the hub is configured otherwise.' },
    STALE: { description: 'Silent for 90 s: what is known of it may be old.' },
    OFFLINE: { description: 'Silent for 5 min.' },
    NEVER_CONNECTED: { description: 'Joined, and never heard since.' },
    REVOKED: { description: 'Its credentials were ended by an administrator.' },
  },
});

@ObjectType('Cluster', { description: 'An enrolled Kubernetes cluster.' })
export class ClusterType {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => JsonScalar, { description: 'Texts by key; environments choose clusters by them.' })
  labels!: Labels;

  @Field(() => ConnectionStateEnum, { description: 'Whether its agent is there.' })
  connectionState!: ConnectionState;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its agent was heard last, give or take 10 s.',
  })
  lastSeenAt?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was accepted; null while it waits for acceptCluster.',
  })
  acceptedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'As its agent said last.' })
  kubernetesVersion?: string | null;

  @Field(() => String, { nullable: true, description: 'As its agent said last.' })
  agentVersion?: string | null;
}

/** `connectionState` comes from ClusterQueries, which knows the thresholds. */
export function toClusterType(cluster: Cluster, connectionState: ConnectionState): ClusterType {
  const { name, labels, lastSeenAt, acceptedAt, kubernetesVersion, agentVersion } = cluster;
  const id = encodeId('cluster', cluster.id);
  return { id, name, labels, connectionState, lastSeenAt, acceptedAt, kubernetesVersion, agentVersion };
}
