// Every open WebSocket with its owner, so that a revoked credential can be cut off and heartbeats can be answered.
import { Injectable } from '@nestjs/common';
import type { Principal } from './request-context.ts';

/** A socket as others may treat it. */
export interface OpenSocket {
  readonly principal: Principal;
  close(code: number, reason: string): void;
}

/** WebSocket close code: the connection's credential is missing, wrong or over. */
export const CLOSE_UNAUTHENTICATED = 4401;

/** One per process. */
@Injectable()
export class SocketRegistry {
  readonly #sockets = new Set<OpenSocket>();
  readonly #pingListeners: ((principal: Principal) => void)[] = [];
  readonly #openListeners: ((principal: Principal) => void)[] = [];
  #answer: (principal: Principal) => Readonly<Record<string, unknown>> | undefined = () => undefined;

  get size(): number {
    return this.#sockets.size;
  }

  /** Of every open socket; one who has two is there twice. */
  principals(): readonly Principal[] {
    return [...this.#sockets].map(({ principal }) => principal);
  }

  /** Closes the sockets of those principals; answers how many it were. A peer that is gone never says goodbye to its. */
  close(matches: (principal: Principal) => boolean, code: number, reason: string): number {
    const closed = [...this.#sockets].filter((socket) => matches(socket.principal));
    for (const socket of closed) {
      this.#sockets.delete(socket);
      socket.close(code, reason);
    }
    return closed.length;
  }

  /** Called for each graphql-transport-ws `ping` and when a socket opens: its owner is alive. */
  onPing(listener: (principal: Principal) => void): void {
    this.#pingListeners.push(listener);
  }

  /** Called once for each socket that was let in. */
  onOpen(listener: (principal: Principal) => void): void {
    this.#openListeners.push(listener);
  }

  /** What the `pong` carries, for example `{ nextPingMs }`; `undefined` lets the ping's own payload go back. */
  answerPings(answer: (principal: Principal) => Readonly<Record<string, unknown>> | undefined): void {
    this.#answer = answer;
  }

  /** For the door alone. */
  add(socket: OpenSocket): void {
    this.#sockets.add(socket);
    for (const listener of this.#openListeners) listener(socket.principal);
    for (const listener of this.#pingListeners) listener(socket.principal);
  }

  /** For the door alone. */
  remove(socket: OpenSocket): void {
    this.#sockets.delete(socket);
  }

  /** For the door alone: tells the listeners and answers the pong's payload. */
  pinged(principal: Principal): Readonly<Record<string, unknown>> | undefined {
    for (const listener of this.#pingListeners) listener(principal);
    return this.#answer(principal);
  }

  /** For the door alone: closes what outlived its credential. */
  closeExpired(now: Date): void {
    this.close(
      ({ validUntil }) => validUntil !== undefined && validUntil <= now,
      CLOSE_UNAUTHENTICATED,
      'the credential is over',
    );
  }
}
