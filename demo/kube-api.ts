// A cluster's own API, as `kubectl` uses it: the story changes things by hand through it and looks at what really runs.
import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { systemClock } from '../agent/src/clock.ts';
import type { ConnectionSettings } from '../agent/src/kube/connection-settings.ts';
import { kubeconfigSettings, type KubeconfigChoice } from '../agent/src/kube/kubeconfig.ts';

/** Any object, read with care. */
export interface LiveObject {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly uid?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One request: `type` is the kind of patch, JSON when left out. */
export interface KubeRequest {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

const ANSWER_TIMEOUT_MS = 15_000;

/** A connection to one context of one kubeconfig. */
export class KubeApi {
  readonly #settings: ConnectionSettings;

  private constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** Reads the kubeconfig; connects at the first request. */
  static async open(choice: KubeconfigChoice): Promise<KubeApi> {
    return new KubeApi(await kubeconfigSettings(choice, systemClock));
  }

  /** The object at a path, or undefined where there is none. */
  async find(path: string): Promise<LiveObject | undefined> {
    const { status, body } = await this.#send({ method: 'GET', path });
    if (status === 404) return undefined;
    return answered({ method: 'GET', path }, status, body);
  }

  /** Sends a request; throws when the cluster refuses it. */
  async send(outgoing: KubeRequest): Promise<LiveObject> {
    const { status, body } = await this.#send(outgoing);
    return answered(outgoing, status, body);
  }

  async #send({ method, path, body, type }: KubeRequest): Promise<{ status: number; body: string }> {
    const { server, ca, cert, key, serverName, skipTlsVerify, authorization } = this.#settings;
    const url = new URL(`${server}${path}`);
    const login = await authorization();
    const headers = {
      ...(login !== undefined && { authorization: login }),
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    };
    const tls = { ca, cert, key, servername: serverName, rejectUnauthorized: skipTlsVerify !== true };
    const options = { method, headers, timeout: ANSWER_TIMEOUT_MS, ...tls };
    return exchange(url, options, body === undefined ? undefined : JSON.stringify(body));
  }
}

function answered({ method, path }: KubeRequest, status: number, body: string): LiveObject {
  if (status >= 200 && status < 300) return JSON.parse(body) as LiveObject;
  throw new Error(`${method} ${path} was answered with ${status}: ${body.slice(0, 500)}`);
}

function exchange(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
): Promise<{ status: number; body: string }> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      textOf(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, body: text }), reject);
    });
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${url.host} in time`)));
    outgoing.end(body);
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  return text;
}
