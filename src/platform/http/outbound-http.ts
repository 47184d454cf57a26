// Calls that the hub makes to addresses which users wrote down: bounded in time and size, and never into a private
// network by a trick of names. Redirects are answers, not orders.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AddressGuard, NOT_PUBLIC, type AllowedAddresses } from '../address-guard.ts';

/** One call. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything: name, connection, answer and body. */
  readonly timeoutMs: number;
}

/**
 * ANSWER: status and as much of the body as is read. REFUSED: the address may not be called, now or later. SILENT: no
 * answer, so nothing is known. Messages name the host alone: paths and queries may hold secrets.
 */
export type OutboundAnswer =
  | { readonly kind: 'ANSWER'; readonly status: number; readonly body: string; readonly truncated: boolean }
  | { readonly kind: 'REFUSED' | 'SILENT'; readonly message: string };

/** As `dns.lookup` with `all`; tests give other names to addresses. */
export type ResolveAll = (
  host: string,
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const MAX_BODY_BYTES = 1_048_576;

const REFUSED = 'FAIRLEAD_ADDRESS_REFUSED';

export class OutboundHttp {
  readonly #guard: AddressGuard;
  readonly #resolve: ResolveAll;

  constructor(allowed: AllowedAddresses, resolve: ResolveAll = resolveAll) {
    this.#guard = new AddressGuard(NOT_PUBLIC, allowed);
    this.#resolve = resolve;
  }

  /** Never throws: what went wrong is part of the answer. */
  async call(request: OutboundRequest): Promise<OutboundAnswer> {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) {
      return { kind: 'REFUSED', message: 'The address is no http or https URL.' };
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A literal address is connected to without asking for its name.
    if (isIP(host) !== 0 && !this.#guard.allows(host)) return refused(host);
    const signal = AbortSignal.timeout(Math.ceil(request.timeoutMs));
    try {
      return await readAnswer(await this.#send(url, request, signal));
    } catch (error) {
      if (codeOf(error) === REFUSED) return refused(host);
      const why = signal.aborted ? 'did not answer in time' : `gave no answer (${codeOf(error) ?? 'error'})`;
      return { kind: 'SILENT', message: `${host} ${why}.` };
    }
  }

  #send(url: URL, { method, headers, body }: OutboundRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options: RequestOptions = {
      method,
      headers: { 'user-agent': 'fairlead', ...headers },
      // The very addresses that were judged are connected to: a second look at the name could answer others.
      lookup: this.#guardedLookup,
      agent: false,
      signal,
    };
    const call = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, resolve);
    call.on('error', reject);
    call.end(body);
    return promise;
  }

  readonly #guardedLookup: LookupFunction = (host, options, answer) => {
    this.#resolve(host, (error, found) => {
      const allowed = found.filter(({ address }) => this.#guard.allows(address));
      const [first] = allowed;
      if (error) answer(error, '');
      else if (!first) answer(Object.assign(new Error('refused'), { code: REFUSED }), '');
      else if (options.all) answer(null, allowed);
      else answer(null, first.address, first.family);
    });
  };
}

const resolveAll: ResolveAll = (host, answer) =>
  systemLookup(host, { all: true }, (error, found) => answer(error, error ? [] : found));

async function readAnswer(message: IncomingMessage): Promise<OutboundAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) break;
  }
  message.destroy();
  const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
  return { kind: 'ANSWER', status: message.statusCode ?? 0, body, truncated: bytes > MAX_BODY_BYTES };
}

function refused(host: string): OutboundAnswer {
  const message = `${host} is a private, loopback or link-local address, which the hub does not call; whoever runs the hub may allow it in FAIRLEAD_ALLOW_PRIVATE_CHECKS.`;
  return { kind: 'REFUSED', message };
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
