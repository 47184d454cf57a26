// HTTP to the hub on node:https: keep-alive, timeouts, bounded answers; knows nothing of GraphQL.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ProxyAgent } from '../kube/proxy.ts';
import type { HubClock } from './hub-clock.ts';
import { HubError, messageOf } from './hub-error.ts';

const MAX_SOCKETS = 4;

/** How the hub is reached. */
export interface HubAddress {
  readonly hubUrl: URL;
  readonly hubCa: string | undefined;
  readonly proxyUrl: string | undefined;
}

/** One request; `path` is below the hub's URL. */
export interface HubRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** An answer of any status. */
export interface HubAnswer {
  readonly status: number;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer;
}

/** Sends requests; where no answer comes it throws `HubError` UNREACHABLE. Never retries. */
export class HubTransport {
  readonly #address: HubAddress;
  readonly #hubClock: HubClock;
  /** For HTTP and WebSocket alike. */
  readonly agent: HttpAgent | HttpsAgent;

  constructor(address: HubAddress, hubClock: HubClock) {
    this.#address = address;
    this.#hubClock = hubClock;
    this.agent = agentFor(address);
  }

  /** The hub's host, as messages name it. */
  get host(): string {
    return this.#address.hubUrl.host;
  }

  /** Where a path of the hub is, also where the hub itself lives below a path. */
  urlOf(path: string): URL {
    const base = this.#address.hubUrl.href.replace(/[?#].*$/, '').replace(/\/$/, '');
    return new URL(base + path);
  }

  async send(request: HubRequest): Promise<HubAnswer> {
    try {
      const answer = await this.#open(request);
      this.#hubClock.learn(answer.headers.date);
      const body = await bodyOf(answer, request.maxBytes);
      return { status: answer.statusCode ?? 0, contentEncoding: answer.headers['content-encoding'], body };
    } catch (error) {
      throw new HubError('UNREACHABLE', `no answer from the hub ${this.host}: ${messageOf(error)}`);
    }
  }

  /** Closes all connections; a running request fails. */
  close(): void {
    this.agent.destroy();
  }

  #open(request: HubRequest): Promise<IncomingMessage> {
    const url = this.urlOf(request.path);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const { method, headers, body, timeoutMs } = request;
    const sent = {
      'user-agent': 'fairlead-agent',
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const outgoing = send(url, { method, headers: sent, agent: this.agent, signal }, resolve);
      outgoing.once('error', (error) =>
        reject(signal.aborted ? new Error(`waited ${timeoutMs} ms, ${error.message}`) : error),
      );
      outgoing.end(body);
    });
  }
}

function agentFor({ hubUrl, hubCa, proxyUrl }: HubAddress): HttpAgent | HttpsAgent {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  if (hubUrl.protocol === 'http:') return new HttpAgent(options);
  const tls = { ...options, ...(hubCa !== undefined && { ca: hubCa }) };
  return proxyUrl ? new ProxyAgent(proxyUrl, tls) : new HttpsAgent(tls);
}

async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
