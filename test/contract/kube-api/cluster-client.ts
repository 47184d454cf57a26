// The client through which the contract looks at an API server: single requests, and watches read line by line.
import { Buffer } from 'node:buffer';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../../sim/src/json-value.ts';

/** An API server under the contract, and how to be let in. */
export interface ContractCluster {
  readonly server: string;
  readonly caPem: string | undefined;
  readonly token: string;
  readonly kubeconfigPath: string;
  stop(): Promise<void>;
}

/** What the wire carries; cases say by `toMatchObject` what they expect of it. */
export type Document = JsonObject;

export interface Reply {
  readonly status: number;
  /** Empty for an answer that is no JSON; `text` has it then. */
  readonly body: Document;
  readonly text: string;
  readonly contentType: string;
}

export interface RequestOptions {
  readonly type?: string;
  readonly userAgent?: string;
  /** Acts in the name of another user. */
  readonly impersonate?: string;
  /** null sends no token at all. */
  readonly token?: string | null;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: Document;
}

export interface Watch {
  /** Everything received so far. */
  readonly events: WatchEvent[];
  /** Resolves when the server ends the watch. */
  readonly ended: Promise<void>;
  close(): void;
}

export class ClusterClient {
  readonly #cluster: ContractCluster;
  readonly #agent: HttpAgent;

  constructor(cluster: ContractCluster) {
    this.#cluster = cluster;
    this.#agent = cluster.server.startsWith('https')
      ? new HttpsAgent({ keepAlive: true, ...(cluster.caPem !== undefined && { ca: cluster.caPem }) })
      : new HttpAgent({ keepAlive: true });
  }

  get kubeconfigPath(): string {
    return this.#cluster.kubeconfigPath;
  }

  close(): void {
    this.#agent.destroy();
  }

  async send(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    const incoming = await this.#open(method, path, body, options);
    incoming.setEncoding('utf8');
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    const contentType = incoming.headers['content-type'] ?? '';
    const parsed: Document = contentType.includes('json') ? JSON.parse(text) : {};
    return { status: incoming.statusCode ?? 0, body: parsed, text, contentType };
  }

  /** Opens a watch; `query` is added to `watch=true`. */
  async watch(path: string, query: string): Promise<Watch> {
    const incoming = await this.#open('GET', `${path}?watch=true&${query}`, undefined, {});
    const events: WatchEvent[] = [];
    const lines = createInterface({ input: incoming });
    lines.on('line', (line) => {
      const event: WatchEvent = JSON.parse(line);
      events.push(event);
    });
    const ended = new Promise<void>((resolve) => lines.on('close', resolve));
    return { events, ended, close: () => incoming.destroy() };
  }

  #open(method: string, path: string, body: unknown, options: RequestOptions): Promise<IncomingMessage> {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const token = options.token === undefined ? this.#cluster.token : options.token;
    const headers = {
      accept: 'application/json',
      'user-agent': options.userAgent ?? 'contract/1.0',
      ...(options.impersonate !== undefined && { 'impersonate-user': options.impersonate }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(payload !== undefined && {
        'content-type': options.type ?? 'application/json',
        // Node sends no length of a DELETE's body by itself.
        'content-length': String(Buffer.byteLength(payload)),
      }),
    };
    const request = this.#cluster.server.startsWith('https') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.#cluster.server);
      const outgoing = request(url, { method, headers, agent: this.#agent, timeout: 30_000 }, resolve);
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }
}
