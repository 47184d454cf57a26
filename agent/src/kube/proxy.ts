// Reaches an API server through an HTTP proxy's CONNECT, as HTTPS_PROXY asks.
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';

const CONNECT_TIMEOUT_MS = 10_000;

/** The proxy for a server by HTTPS_PROXY and NO_PROXY, or `undefined` for a direct way. */
export function proxyFor(
  server: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { hostname, protocol } = new URL(server);
  const proxy = environment['HTTPS_PROXY'] ?? environment['https_proxy'];
  if (protocol !== 'https:' || !proxy) return undefined;
  const exceptions = (environment['NO_PROXY'] ?? environment['no_proxy'] ?? '')
    .split(',')
    .map((item) => item.trim());
  return exceptions.some((item) => isException(item, hostname)) ? undefined : proxy;
}

function isException(item: string, hostname: string): boolean {
  if (item === '') return false;
  const domain = item.replace(/^\*?\./, '').replace(/:\d+$/, '');
  return item === '*' || hostname === domain || hostname.endsWith(`.${domain}`);
}

/** A keep-alive agent whose connections go through the proxy. */
export class ProxyAgent extends Agent {
  readonly #proxy: URL;
  readonly #tls: AgentOptions;

  constructor(proxyUrl: string, options: AgentOptions) {
    super(options);
    this.#proxy = new URL(proxyUrl);
    this.#tls = options;
  }

  override createConnection(
    options: { host?: string | null; port?: number | string | null },
    done?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const target = `${options.host}:${options.port}`;
    const tcp = connectTcp(Number(this.#proxy.port || 80), this.#proxy.hostname);
    const fail = (error: Error): void => {
      tcp.destroy();
      done?.(error, tcp);
    };
    tcp.setTimeout(CONNECT_TIMEOUT_MS, () => fail(new Error(`the proxy ${this.#proxy.host} did not answer`)));
    tcp.once('error', fail);
    tcp.once('connect', () =>
      tcp.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${this.#login()}\r\n`),
    );
    tcp.once('data', (answer) => {
      const [line] = answer.toString('latin1').split('\r\n');
      if (!/^HTTP\/1\.[01] 200/.test(line ?? ''))
        return fail(new Error(`the proxy ${this.#proxy.host} refused: ${line}`));
      tcp.setTimeout(0);
      tcp.off('error', fail);
      done?.(null, connectTls({ ...this.#tls, socket: tcp, ...this.#identity(options.host ?? '') }));
    });
  }

  /** Whose certificate is expected; the name is not sent for an address, which TLS does not allow. */
  #identity(host: string): { host: string; servername: string } {
    return { host, servername: this.#tls.servername ?? (isIP(host) ? '' : host) };
  }

  #login(): string {
    const { username, password } = this.#proxy;
    if (!username) return '';
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`;
  }
}
