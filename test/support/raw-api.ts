// The smallest client of a Kubernetes API: one JSON request at a time, nothing hidden. Tests look at clusters
// through it, so that they share no code with the agent's own client.
import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';

/** `body`: the parsed JSON, or the text where the server answers none (as `/readyz` does). */
export interface ApiResponse<Body> {
  readonly status: number;
  readonly body: Body;
}

/**
 * Sends one request and gives whatever the server answered, errors of 4xx and 5xx included; rejects only when
 * there is no answer. The content type is JSON unless told. `Body` is the caller's claim and is not checked.
 */
export type RawApi = <Body = KubernetesObject>(
  method: string,
  path: string,
  body?: unknown,
  contentType?: string,
) => Promise<ApiResponse<Body>>;

/** Where an API server is and how to be let in. */
export interface ApiAccess {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
}

const ANSWER_TIMEOUT_MS = 30_000;

/** A client with connections of its own, which `close` ends. */
export function connectRawApi({ server, caPem, token }: ApiAccess): { api: RawApi; close: () => void } {
  const agent = new Agent({ keepAlive: true, ca: caPem });
  const api: RawApi = <Body>(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization: `Bearer ${token}`, ...(payload && { 'content-type': contentType }) };
    return send<Body>(new URL(path, server), { method, agent, headers, timeout: ANSWER_TIMEOUT_MS }, payload);
  };
  return { api, close: () => agent.destroy() };
}

function send<Body>(
  url: URL,
  options: RequestOptions,
  payload: string | undefined,
): Promise<ApiResponse<Body>> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      readAnswer<Body>(incoming).then(resolve, reject);
    });
    outgoing.on('error', reject);
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer to ${options.method} ${url.pathname}`)),
    );
    outgoing.end(payload);
  });
}

async function readAnswer<Body>(incoming: IncomingMessage): Promise<ApiResponse<Body>> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  const isJson = incoming.headers['content-type']?.includes('json') ?? false;
  return { status: incoming.statusCode ?? 0, body: (isJson ? JSON.parse(text) : text) as Body };
}
