// HTTP to one API server on node:https: keep-alive, bounded, with timeouts; knows nothing of objects.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ConnectionSettings } from './connection-settings.ts';
import { InFlightLimit } from '../in-flight-limit.ts';
import { KubeError, type KubeStatus, type RequestSubject } from './kube-error.ts';
import { ProxyAgent } from './proxy.ts';

const REQUEST_TIMEOUT_MS = 60_000;
const MAX_IN_FLIGHT = 16;
const LONGEST_BODY_BYTES = 256 * 1024 * 1024;

/** One request. `path` has its query; `subject` names it in errors, and the user as whom it is made. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly subject: RequestSubject;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Sends requests and reads answers; a refusal or a lost connection is a `KubeError`, never retried here. */
export class KubeTransport {
  readonly #settings: ConnectionSettings;
  readonly #url: URL;
  readonly #requests: HttpAgent | HttpsAgent;
  // Watches stay open for minutes: they get connections of their own, so that they never hold up a request.
  readonly #watches: HttpAgent | HttpsAgent;
  readonly #limit = new InFlightLimit(MAX_IN_FLIGHT);
  #closed = false;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#url = new URL(settings.server);
    this.#requests = agentFor(settings, MAX_IN_FLIGHT);
    this.#watches = agentFor(settings, Infinity);
  }

  /** The parsed answer. */
  json<T>(request: KubeRequest): Promise<T> {
    return this.#limit.run(async () => {
      const answer = await this.#send(request, this.#requests, AbortSignal.timeout(REQUEST_TIMEOUT_MS));
      const text = await lost(request, () => bodyText(answer));
      if ((answer.statusCode ?? 0) >= 400) throw refusal(request, answer, text);
      return parseAnswer(request, text) as T;
    });
  }

  /** The answer's bytes as they come, until the signal is aborted. */
  async stream(request: KubeRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const answer = await this.#send(request, this.#watches, signal);
    if ((answer.statusCode ?? 0) < 400) return answer;
    throw refusal(request, answer, await lost(request, () => bodyText(answer)));
  }

  /** Closes all connections; running and later requests fail. */
  close(): void {
    this.#closed = true;
    this.#requests.destroy();
    this.#watches.destroy();
  }

  async #send(
    request: KubeRequest,
    agent: HttpAgent | HttpsAgent,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    if (this.#closed)
      throw new KubeError(0, { message: 'the connection was closed by the agent' }, request.subject);
    const authorization = await lost(request, () => this.#settings.authorization());
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port || (this.#url.protocol === 'https:' ? 443 : 80),
      path: this.#url.pathname.replace(/\/$/, '') + request.path,
      method: request.method,
      headers: headers(request, body, authorization),
      agent,
      signal,
    };
    return lost(
      request,
      () =>
        new Promise<IncomingMessage>((resolve, reject) => {
          const outgoing = send(options, resolve);
          outgoing.once('error', reject);
          outgoing.end(body);
        }),
    );
  }
}

function agentFor(settings: ConnectionSettings, maxSockets: number): HttpAgent | HttpsAgent {
  if (settings.server.startsWith('http://')) return new HttpAgent({ keepAlive: true, maxSockets });
  const options = {
    keepAlive: true,
    maxSockets,
    ...(settings.ca !== undefined && { ca: settings.ca }),
    ...(settings.cert !== undefined && { cert: settings.cert }),
    ...(settings.key !== undefined && { key: settings.key }),
    ...(settings.serverName !== undefined && { servername: settings.serverName }),
    rejectUnauthorized: settings.skipTlsVerify !== true,
  };
  return settings.proxyUrl ? new ProxyAgent(settings.proxyUrl, options) : new HttpsAgent(options);
}

function headers(request: KubeRequest, body: string | undefined, authorization: string | undefined) {
  return {
    accept: 'application/json',
    'user-agent': 'fairlead-agent',
    // Of a ServiceAccount the API server knows the groups; naming them would need the right to take on groups.
    ...(request.subject.user !== undefined && { 'impersonate-user': request.subject.user }),
    ...(authorization !== undefined && { authorization }),
    ...(body !== undefined && {
      'content-type': request.contentType ?? 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
  };
}

async function bodyText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY_BYTES) throw new Error(`the answer is longer than ${LONGEST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Turns a lost connection, a time-out or a failed login into the one error type. */
async function lost<T>(request: KubeRequest, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KubeError(
      0,
      { reason: 'Unreachable', message: `no answer from the API server: ${why}` },
      request.subject,
    );
  }
}

function refusal(request: KubeRequest, answer: IncomingMessage, text: string): KubeError {
  const code = answer.statusCode ?? 0;
  const retryAfterSeconds = Number(answer.headers['retry-after']);
  const status = statusOf(text, code);
  if (!Number.isFinite(retryAfterSeconds)) return new KubeError(code, status, request.subject);
  return new KubeError(
    code,
    { ...status, details: { retryAfterSeconds, ...status.details } },
    request.subject,
  );
}

function statusOf(text: string, code: number): KubeStatus {
  try {
    const parsed = JSON.parse(text) as KubeStatus;
    if (parsed.kind === 'Status') return parsed;
  } catch {
    // A proxy on the way answers in HTML or plain text: its words are all there is.
  }
  return { code, message: `the API server answered ${code}: ${text.slice(0, 300).trim()}` };
}

function parseAnswer(request: KubeRequest, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KubeError(
      0,
      { message: `the API server's answer is no JSON: ${text.slice(0, 100)}` },
      request.subject,
    );
  }
}
