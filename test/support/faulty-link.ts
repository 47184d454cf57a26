// A way to the hub that can fail as networks do: it is down, it loses an answer, it changes what it carries.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** What a request looked like, for those that choose one. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** One link; `target` may be changed while it runs. */
export interface FaultyLink {
  /** Where clients go instead of to the hub. */
  readonly url: string;
  /** URL of the hub behind it. */
  target: string;
  /** Everything that came through, the oldest first. */
  readonly seen: readonly SeenRequest[];
  /** Cuts all connections and takes no new ones, until it is called with `false`. */
  setDown(isDown: boolean): void;
  /** The next matching request reaches the hub, but its answer is lost. */
  loseAnswerTo(matches: (request: SeenRequest) => boolean): void;
  /** Changes the bodies of answers to matching requests; `undefined` ends that. */
  changeAnswersTo(change: ((request: SeenRequest, body: Buffer) => Buffer) | undefined): void;
  stop(): Promise<void>;
}

/** Starts a link on 127.0.0.1. */
export async function startFaultyLink(target: string): Promise<FaultyLink> {
  const link = new Link(target);
  await link.listen();
  return link;
}

class Link implements FaultyLink {
  target: string;
  readonly seen: SeenRequest[] = [];
  readonly #server = createServer((incoming, outgoing) => void this.#carry(incoming, outgoing));
  readonly #sockets = new Set<Socket>();
  #isDown = false;
  #lose: ((request: SeenRequest) => boolean) | undefined;
  #change: ((request: SeenRequest, body: Buffer) => Buffer) | undefined;

  constructor(target: string) {
    this.target = target;
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

  loseAnswerTo(matches: (request: SeenRequest) => boolean): void {
    this.#lose = matches;
  }

  changeAnswersTo(change: ((request: SeenRequest, body: Buffer) => Buffer) | undefined): void {
    this.#change = change;
  }

  stop(): Promise<void> {
    this.setDown(true);
    return new Promise((stopped) => this.#server.close(() => stopped()));
  }

  #keep(socket: Socket): void {
    if (this.#isDown) return void socket.destroy();
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await bytesOf(incoming);
      const seen = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        body: body.toString('utf8'),
      };
      this.seen.push(seen);
      const answer = await this.#ask(incoming, body);
      const content = await bytesOf(answer);
      if (this.#isLost(seen)) return void incoming.socket.destroy();
      const carried = this.#change?.(seen, content) ?? content;
      const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': carried.length });
      outgoing.end(carried);
    } catch {
      // The hub is away: its clients see a connection that breaks.
      incoming.socket.destroy();
    }
  }

  #isLost(seen: SeenRequest): boolean {
    if (!this.#lose?.(seen)) return false;
    this.#lose = undefined;
    return true;
  }

  #ask({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers, 'content-length': body.length } };
      request(new URL(url ?? '/', this.target), options, resolve)
        .once('error', reject)
        .end(body);
    });
  }

  #tunnel(incoming: IncomingMessage, client: Socket): void {
    const { hostname, port } = new URL(this.target);
    const hub = connect(Number(port), hostname);
    const head = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      head.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    }
    hub.write(`${head.join('\r\n')}\r\n\r\n`);
    hub.once('close', () => client.destroy()).on('error', () => client.destroy());
    client.once('close', () => hub.destroy());
    hub.pipe(client).pipe(hub);
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
