// An agent's side of enrolment, for tests: a key, a join, credentials, hello, and its own socket.
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { renewalText } from '@fairlead/protocol/credential-renewal';
import type { TestHub } from './hub.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly reasons: readonly string[];
}

/** What joinCluster answered. */
export interface Joined {
  readonly clusterId: string | null;
  readonly clusterName: string | null;
  readonly credential: string | null;
  readonly expiresAt: string | null;
  readonly accepted: boolean | null;
  readonly refusal: Refusal | null;
}

/** A key pair as an agent makes one inside its cluster. */
export interface AgentKey {
  /** SPKI in base64. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function newAgentKey(): AgentKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

/** The secret of a new join token; `input` as createJoinToken takes it. */
export async function createJoinToken(hub: TestHub, input: Record<string, unknown>): Promise<string> {
  const { createJoinToken: payload } = await hub.graphql<{ createJoinToken: { secret: string } }>(
    'mutation ($input: CreateJoinTokenInput!) { createJoinToken(input: $input) { secret } }',
    { input },
  );
  return payload.secret;
}

/** Joins; key and UID are new ones unless given. */
export async function joinCluster(
  hub: TestHub,
  token: string,
  identity: { readonly key?: AgentKey; readonly clusterName?: string; readonly kubeSystemUid?: string } = {},
): Promise<Joined & { readonly key: AgentKey; readonly kubeSystemUid: string }> {
  const { key = newAgentKey(), kubeSystemUid = randomUUID(), clusterName } = identity;
  const input = { token, publicKey: key.publicKey, kubeSystemUid, clusterName, agentVersion: '0.1.0' };
  const { joinCluster: joined } = await hub.graphql<{ joinCluster: Joined }>(
    `mutation ($input: JoinClusterInput!) { joinCluster(input: $input) {
       clusterId clusterName credential expiresAt accepted refusal { code message reasons } } }`,
    { input },
    null,
  );
  return { ...joined, key, kubeSystemUid };
}

/** A joined cluster of that name with these labels, and its credential. */
export async function enrol(
  hub: TestHub,
  clusterName: string,
  labels: Record<string, string> = {},
  more: { readonly replaces?: string } = {},
): Promise<{ readonly clusterId: string; readonly credential: string; readonly key: AgentKey }> {
  const joined = await joinCluster(hub, await createJoinToken(hub, { clusterName, labels, ...more }));
  const { clusterId, credential, key } = joined;
  if (!clusterId || !credential) throw new Error(joined.refusal?.message ?? 'the join answered nothing');
  return { clusterId, credential, key };
}

/** What renewCredential answered. */
export interface Renewed {
  readonly credential: string | null;
  readonly hubTime: string;
  readonly refusal: Refusal | null;
}

/** Signs and sends a renewal; `change` replaces parts after signing. */
export async function renew(
  hub: TestHub,
  agent: { readonly clusterId: string; readonly key: AgentKey },
  {
    issuedAt = new Date().toISOString(),
    change = {},
  }: { issuedAt?: string; change?: Record<string, string> } = {},
): Promise<Renewed> {
  const request = { clusterId: agent.clusterId, issuedAt, nonce: randomUUID() };
  const signature = sign(null, Buffer.from(renewalText(request)), agent.key.privateKey).toString('base64');
  const { renewCredential } = await hub.graphql<{ renewCredential: Renewed }>(
    `mutation ($input: RenewCredentialInput!) { renewCredential(input: $input) {
       credential expiresAt hubTime refusal { code message } } }`,
    { input: { ...request, signature, ...change } },
    null,
  );
  return renewCredential;
}

export const helloMutation = `mutation ($input: AgentHelloInput!) { agentHello(input: $input) {
  session epoch minProtocolVersion maxProtocolVersion heartbeatIntervalMs refusal { code message } } }`;

/** What agentHello answered. */
export interface Hello {
  readonly session: number | null;
  readonly epoch: string | null;
  readonly minProtocolVersion: number;
  readonly maxProtocolVersion: number;
  readonly heartbeatIntervalMs: number;
  readonly refusal: Refusal | null;
}

export const helloInput = { protocolVersion: 2, agentVersion: '0.1.0', kubernetesVersion: 'v1.36.3' };

/** Says hello over HTTP. */
export async function sayHello(
  hub: TestHub,
  credential: string,
  change: Record<string, unknown> = {},
): Promise<Hello> {
  const input = { ...helloInput, ...change };
  const { agentHello } = await hub.graphql<{ agentHello: Hello }>(helloMutation, { input }, credential);
  return agentHello;
}

/** An agent's open WebSocket. */
export interface AgentSocket {
  /** The close code and reason, once it is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The payload of the next pong, after a ping. */
  ping(): Promise<unknown>;
  /** One operation over this socket. */
  ask<Result>(query: string, variables: Record<string, unknown>): Promise<Result>;
  stop(): void;
}

/** Opens a socket with a credential; resolves when the hub has let it in. */
export async function openSocket(hub: TestHub, credential: string): Promise<AgentSocket> {
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: `${hub.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${credential}` },
    retryAttempts: 0,
    lazy: false,
    disablePong: true,
    onNonLazyError: () => undefined,
  });
  const opened = Promise.withResolvers<WebSocket>();
  client.on('connected', (socket) => opened.resolve(socket as WebSocket));
  client.on('closed', (event) => {
    const { code, reason } = event as { code: number; reason: string };
    closed.resolve({ code, reason });
    opened.reject(new Error(`closed: ${code} ${reason}`));
  });
  const socket = await opened.promise;
  return {
    closed: closed.promise,
    ping: () => pingOver(client, socket),
    ask: async <Result>(query: string, variables: Record<string, unknown>) => {
      const { value } = await client.iterate<Result>({ query, variables }).next();
      const { data, errors } = value as { data?: Result; errors?: unknown };
      if (errors || !data) throw new Error(JSON.stringify(errors));
      return data;
    },
    stop: () => void client.dispose(),
  };
}

function pingOver(client: ReturnType<typeof createClient>, socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    const stop = client.on('pong', (_received, payload) => {
      stop();
      resolve(payload);
    });
    socket.send(JSON.stringify({ type: 'ping' }));
  });
}
