// What agents send to join, to renew their credential and to say hello.
import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';

@InputType({ description: 'A cluster that wants to join.' })
export class JoinClusterInput {
  @Field(() => String, { description: 'The join token.' })
  token!: string;

  @Field(() => String, {
    description: 'The Ed25519 public key that was made inside the cluster: SPKI in base64.',
  })
  publicKey!: string;

  @Field(() => String, { nullable: true, description: 'May be left out where the token binds a name.' })
  clusterName?: string | null;

  @Field(() => String, { description: 'The UID of the namespace kube-system: tells clusters apart.' })
  kubeSystemUid!: string;

  @Field(() => String, { nullable: true, description: 'Of the agent.' })
  agentVersion?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the API server.' })
  kubernetesVersion?: string | null;
}

@InputType({
  description:
    'A request for a new credential, authenticated by the cluster’s key alone. Signed is the text of four lines: "fairlead renew-credential v1", clusterId, issuedAt, nonce.',
})
export class RenewCredentialInput {
  @Field(() => ID, { description: 'As joinCluster answered it.' })
  clusterId!: string;

  @Field(() => String, {
    description: 'RFC 3339, within 5 minutes of the hub’s clock, later than at every renewal before.',
  })
  issuedAt!: string;

  @Field(() => String, { description: '16 to 64 characters of base64url, random.' })
  nonce!: string;

  @Field(() => String, { description: 'Ed25519, in base64.' })
  signature!: string;
}

@InputType({ description: 'What an agent says when it begins a session.' })
export class AgentHelloInput {
  @Field(() => Int, { description: 'The protocol version that the agent speaks.' })
  protocolVersion!: number;

  @Field(() => String, { description: 'Of the agent.' })
  agentVersion!: string;

  @Field(() => String, { description: 'Of the API server.' })
  kubernetesVersion!: string;

  @Field(() => Float, {
    defaultValue: 0,
    description: 'The generation of the last assignments that it applied.',
  })
  appliedGeneration: number = 0;

  @Field(() => String, {
    nullable: true,
    description: 'The epoch that this generation is of; none at first.',
  })
  epoch?: string | null;

  @Field(() => [String], { defaultValue: [], description: 'What it can do beyond its protocol version.' })
  capabilities: string[] = [];
}
