// A cluster's agent as far as the API is concerned: it has joined and said hello.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { TestHub } from '../support/hub.ts';

/** What it reports with. */
export interface Agent {
  readonly credential: string;
  readonly session: number;
}

/** Joins a cluster with the label `env=dev` and begins a session. */
export async function joinAgent(hub: TestHub, name: string): Promise<Agent> {
  const { createJoinToken } = await hub.graphql<{ createJoinToken: { secret: string } }>(
    `mutation ($name: String!) { createJoinToken(input: { clusterName: $name, labels: { env: "dev" } }) { secret } }`,
    { name },
  );
  const { publicKey } = generateKeyPairSync('ed25519');
  const input = {
    token: createJoinToken.secret,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    kubeSystemUid: randomUUID(),
  };
  const { joinCluster } = await hub.graphql<{ joinCluster: { credential: string } }>(
    'mutation ($input: JoinClusterInput!) { joinCluster(input: $input) { credential refusal { code message } } }',
    { input },
    null,
  );
  const { agentHello } = await hub.graphql<{ agentHello: { session: number } }>(
    `mutation { agentHello(input: { protocolVersion: 3, agentVersion: "t", kubernetesVersion: "v" }) { session } }`,
    {},
    joinCluster.credential,
  );
  return { credential: joinCluster.credential, session: agentHello.session };
}
