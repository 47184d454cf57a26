// GraphQL over WebSocket (graphql-transport-ws): agents' doorbells and people's subscriptions.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Context } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Log } from '../logging/log.ts';
import { bearerToken, type Authenticated, type Authenticators } from './authenticators.ts';
import type { AskedOperation } from './asked-operation.ts';
import { newRequestContext } from './new-request-context.ts';
import type { Operations } from './operations.ts';
import { runOperation, runSubscription } from './run-operation.ts';
import { CLOSE_UNAUTHENTICATED, type OpenSocket, type SocketRegistry } from './socket-registry.ts';

const LARGEST_BYTES = 8_000_000;
/** Before it said who it is, a caller may send one small message. */
const STRANGER_BYTES = 16_000;
const LOOK_EVERY_MS = 30_000;
/** RFC 6455: a message that is too big. */
const CLOSE_TOO_BIG = 1009;
const CLOSE_GOING_AWAY = 1001;

/** What the door knows of a connection. */
interface Connection {
  readonly socket: WebSocket;
  caller?: Authenticated;
  registered?: OpenSocket;
  answered: boolean;
}

type Extra = Record<'connection', Connection>;

/** Everything the door leans on. */
export interface SocketDoorParts {
  readonly operations: Operations;
  readonly authenticators: Authenticators;
  readonly registry: SocketRegistry;
  readonly log: Log;
}

/** Serves one path of a server; upgrades to any other are cut. */
export class SocketDoor {
  readonly #parts: SocketDoorParts;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_BYTES,
    handleProtocols: chooseProtocol,
  });
  readonly #connections = new Set<Connection>();
  readonly #protocol: ReturnType<typeof makeServer<Record<string, unknown>, Extra>>;
  readonly #timer: NodeJS.Timeout;

  constructor(server: Server, path: string, parts: SocketDoorParts) {
    this.#parts = parts;
    this.#protocol = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: 10_000,
      onConnect: (context) => this.#admit(context),
      onSubscribe: (context, _id, asked) => this.#prepare(context.extra.connection, asked),
      execute: (args) => runOperation(args),
      subscribe: (args) => runSubscription(args, () => newRequestContext(principalOf(args.contextValue))),
      onNext: (_context, _id, asked, args, result) =>
        parts.operations.present(result, asked, args.contextValue as ReturnType<typeof newRequestContext>),
      onError: (context, _id, asked, errors) =>
        parts.operations.present(
          { errors },
          asked,
          newRequestContext(context.extra.connection.caller?.principal),
        ).errors,
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head, path),
    );
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** Says goodbye to everyone; agents come back with jitter, elsewhere or later. */
  close(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#connections) socket.close(CLOSE_GOING_AWAY, 'the hub is going down');
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void {
    if (request.url?.split('?')[0] !== path) {
      socket.destroy();
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (upgraded) => this.#open(upgraded));
  }

  #open(socket: WebSocket): void {
    const connection: Connection = { socket, answered: true };
    this.#connections.add(connection);
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => socket.on('message', (data) => void this.#receive(connection, data, receive)),
        onPing: (payload) => send(socket, this.#pong(connection, payload)),
      },
      { connection },
    );
    socket.on('pong', () => (connection.answered = true));
    socket.on('error', (error) => this.#parts.log.debug('a WebSocket failed', { error }));
    socket.once('close', (code, reason) => {
      this.#forget(connection);
      closed(code, reason.toString()).catch((error: unknown) =>
        this.#parts.log.warn('ending a subscription failed', { error }),
      );
    });
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (connection.registered) this.#parts.registry.remove(connection.registered);
  }

  async #receive(
    connection: Connection,
    data: WebSocket.RawData,
    receive: (text: string) => Promise<void>,
  ): Promise<void> {
    const { socket, caller } = connection;
    const text = textOf(data);
    const limit = caller?.maxBodyBytes ?? STRANGER_BYTES;
    if (text.length > limit) {
      socket.close(CLOSE_TOO_BIG, `LIMIT_EXCEEDED: a message may have ${limit} bytes`);
      return;
    }
    try {
      await receive(text);
    } catch (error) {
      this.#parts.log.warn('a WebSocket message could not be handled', {
        principal: caller?.principal.name,
        error,
      });
      socket.close(4500, 'INTERNAL: the message could not be handled');
    }
  }

  async #admit(context: Context<Record<string, unknown>, Extra>): Promise<boolean> {
    const { connection } = context.extra;
    const token = bearerToken(
      context.connectionParams?.['authorization'] ?? context.connectionParams?.['Authorization'],
    );
    const caller = token ? await this.#parts.authenticators.authenticate(token) : undefined;
    if (!caller) {
      connection.socket.close(
        CLOSE_UNAUTHENTICATED,
        'UNAUTHENTICATED: send { "authorization": "Bearer TOKEN" } in connection_init',
      );
      return false;
    }
    connection.caller = caller;
    if (connection.socket.readyState !== connection.socket.OPEN) return false;
    const { socket } = connection;
    connection.registered = {
      principal: caller.principal,
      close: (code, reason) => socket.close(code, reason),
    };
    this.#parts.registry.add(connection.registered);
    return true;
  }

  #prepare(
    connection: Connection,
    asked: AskedOperation,
  ): ReturnType<Operations['executionArgs']> | readonly GraphQLError[] {
    const { document, errors } = this.#parts.operations.check(asked.query);
    if (errors) return errors;
    const context = newRequestContext(connection.caller?.principal);
    return this.#parts.operations.executionArgs(asked, document, context);
  }

  #pong(connection: Connection, payload: Record<string, unknown> | undefined): string {
    const answer = connection.caller && this.#parts.registry.pinged(connection.caller.principal);
    return JSON.stringify({ type: 'pong', payload: answer ?? payload });
  }

  /** One timer for all: whoever did not answer the last look is gone, and so is who outlived their credential. */
  #look(): void {
    for (const connection of this.#connections) {
      if (!connection.answered) connection.socket.terminate();
      connection.answered = false;
      connection.socket.ping();
    }
    this.#parts.registry.closeExpired(new Date());
  }
}

/** ws hands text messages over as one Buffer unless told otherwise. */
function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

function chooseProtocol(protocols: Set<string>): string | false {
  return handleProtocols(protocols);
}

function principalOf(context: unknown): ReturnType<typeof newRequestContext>['principal'] {
  return (context as ReturnType<typeof newRequestContext>).principal;
}

/** Resolves when the socket took it, so that a slow reader slows its own subscription down. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((sent, failed) => {
    if (socket.readyState !== socket.OPEN) return sent();
    socket.send(text, (error) => (error ? failed(error) : sent()));
  });
}
