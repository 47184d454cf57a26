// A way to a server that can fail as networks do: it is down, slow or half-open, it loses, doubles, delays, cuts and
// changes what it carries. Agents reach hubs through it, and API servers too.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** What a request looked like, for those that choose one. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What the server answered. `cutAfterBytes`: the connection ends there, in the middle of a body that was read whole. */
export interface Carried {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable | Buffer;
  readonly cutAfterBytes?: number;
}

/**
 * Decides what becomes of one exchange. `carry` brings the request to the server: not called, it never arrives; called
 * twice, it arrives twice. Undefined for an answer: it is lost, and the client's connection breaks.
 */
export type Disturbance = (
  request: SeenRequest,
  carry: () => Promise<Carried>,
) => Promise<Carried | undefined>;

/** One link; `target` may be changed while it runs. */
export interface FaultyLink {
  /** Where clients go instead of to the server. */
  readonly url: string;
  /** URL of the server behind it. */
  target: string;
  /** Everything that came through, the oldest first. */
  readonly seen: readonly SeenRequest[];
  /** Cuts all connections and takes no new ones, until it is called with `false`. */
  setDown(isDown: boolean): void;
  /** Carries nothing more in either direction and closes nothing, until it is called with `false`. */
  setFrozen(isFrozen: boolean): void;
  /** The next matching request reaches the server, but its answer is lost. */
  loseAnswerTo(matches: (request: SeenRequest) => boolean): void;
  /** Changes the bodies of answers to matching requests; `undefined` ends that. */
  changeAnswersTo(change: ((request: SeenRequest, body: Buffer) => Buffer) | undefined): void;
  /** Takes each exchange into its hands, WebSockets aside; `undefined` ends that. */
  disturb(disturbance: Disturbance | undefined): void;
  /** What servers send over WebSockets from now on passes through this; `undefined` ends that. */
  disturbSockets(change: ((chunk: Buffer) => readonly Buffer[]) | undefined): void;
  stop(): Promise<void>;
}

/** Starts a link on 127.0.0.1; `ca`: whom to believe where the target is https. */
export async function startFaultyLink(target: string, ca?: string): Promise<FaultyLink> {
  const link = new Link(target, ca);
  await link.listen();
  return link;
}

class Link implements FaultyLink {
  target: string;
  readonly seen: SeenRequest[] = [];
  readonly #ca: string | undefined;
  readonly #server = createServer((incoming, outgoing) => void this.#exchange(incoming, outgoing));
  readonly #sockets = new Set<Socket>();
  #isDown = false;
  #thawed: PromiseWithResolvers<void> | undefined;
  #disturbance: Disturbance | undefined;
  #changeChunk: ((chunk: Buffer) => readonly Buffer[]) | undefined;

  constructor(target: string, ca: string | undefined) {
    this.target = target;
    this.#ca = ca;
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('upgrade', (incoming, socket: Socket) => this.#tunnel(incoming, socket));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((listening) => this.#server.listen(0, '127.0.0.1', listening));
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (isDown) for (const socket of this.#sockets) socket.destroy();
  }

  setFrozen(isFrozen: boolean): void {
    if (isFrozen) this.#thawed ??= Promise.withResolvers();
    else this.#thawed?.resolve();
    if (!isFrozen) this.#thawed = undefined;
  }

  loseAnswerTo(matches: (request: SeenRequest) => boolean): void {
    this.#disturbance = async (request, carry) => {
      const answer = await carry();
      if (!matches(request)) return answer;
      this.#disturbance = undefined;
      return undefined;
    };
  }

  changeAnswersTo(change: ((request: SeenRequest, body: Buffer) => Buffer) | undefined): void {
    this.#disturbance =
      change &&
      (async (request, carry) => {
        const answer = await carry();
        return { ...answer, body: change(request, await bytesOf(answer.body)) };
      });
  }

  disturb(disturbance: Disturbance | undefined): void {
    this.#disturbance = disturbance;
  }

  disturbSockets(change: ((chunk: Buffer) => readonly Buffer[]) | undefined): void {
    this.#changeChunk = change;
  }

  stop(): Promise<void> {
    this.setFrozen(false);
    this.setDown(true);
    return new Promise((stopped) => this.#server.close(() => stopped()));
  }

  #keep(socket: Socket): void {
    if (this.#isDown) return void socket.destroy();
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await bytesOf(incoming);
      const seen = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        body: body.toString('utf8'),
      };
      this.seen.push(seen);
      await this.#thawed?.promise;
      const carry = () => this.#carry(incoming, body);
      const answer = this.#disturbance ? await this.#disturbance(seen, carry) : await carry();
      await this.#thawed?.promise;
      if (answer) send(answer, outgoing);
      else incoming.socket.destroy();
    } catch {
      // The server is away: its clients see a connection that breaks.
      incoming.socket.destroy();
    }
  }

  #carry({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Carried> {
    const { 'transfer-encoding': _encoding, ...others } = headers;
    const to = new URL(url ?? '/', this.target);
    const start = to.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      method,
      headers: { ...others, 'content-length': body.length },
      ...(this.#ca !== undefined && { ca: this.#ca }),
    };
    return new Promise((resolve, reject) => {
      const take = (answer: IncomingMessage): void =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answer });
      start(to, options, take).once('error', reject).end(body);
    });
  }

  #tunnel(incoming: IncomingMessage, client: Socket): void {
    const { hostname, port } = new URL(this.target);
    const server = connect(Number(port), hostname);
    const head = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      head.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    }
    server.write(`${head.join('\r\n')}\r\n\r\n`);
    server.once('close', () => client.destroy()).on('error', () => client.destroy());
    client.once('close', () => server.destroy());
    server.on('data', (chunk: Buffer) => void this.#pass(chunk, client, this.#changeChunk));
    client.on('data', (chunk: Buffer) => void this.#pass(chunk, server, undefined));
  }

  async #pass(
    chunk: Buffer,
    to: Socket,
    change: ((chunk: Buffer) => readonly Buffer[]) | undefined,
  ): Promise<void> {
    await this.#thawed?.promise;
    for (const part of change?.(chunk) ?? [chunk]) to.write(part);
  }
}

function send({ status, headers, body, cutAfterBytes }: Carried, outgoing: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': _encoding, ...others } = headers;
  const size = Buffer.isBuffer(body) ? String(body.length) : length;
  outgoing.writeHead(status, { ...others, ...(size !== undefined && { 'content-length': size }) });
  if (!Buffer.isBuffer(body)) {
    // A watch may say nothing for a long time; its client wants to see that it has begun.
    outgoing.flushHeaders();
    body.once('error', () => outgoing.destroy());
    outgoing.once('close', () => body.destroy());
    body.pipe(outgoing);
  } else if (cutAfterBytes === undefined) outgoing.end(body);
  else outgoing.write(body.subarray(0, cutAfterBytes), () => outgoing.destroy());
}

/** All of a body. */
export async function bytesOf(body: Readable | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
