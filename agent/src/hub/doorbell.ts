// One WebSocket to the hub, from its opening to its end: it hears that something changed, and its pings say that
// this cluster is alive.
import { createClient, type Client } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { agentDoorbell, type AgentDoorbellSubscription } from './generated/operations.ts';
import type { Session } from './hub-api.ts';
import type { HubAddress, HubTransport } from './hub-transport.ts';
import { aroundMs } from './jitter.ts';

const OPEN_TIMEOUT_MS = 15_000;
const PONG_TIMEOUT_MS = 20_000;
const SHORTEST_PING_MS = 1_000;
const LONGEST_PING_MS = 600_000;
// A doorbell message is some ten bytes; anything large is not from the hub.
const LONGEST_MESSAGE_BYTES = 64 * 1024;
const NEVER_OPENED = 1006;
const STOPPED = 1000;

/** What is needed to open it. */
export interface DoorbellOptions {
  readonly transport: HubTransport;
  readonly hubCa: HubAddress['hubCa'];
  readonly credential: string;
  readonly session: Session;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  /** The cluster's generation at the hub, which may be one that is known already. */
  readonly onRing: (generation: number) => void;
}

/** Why it ended: the WebSocket's close code, or 1006 where it could not be opened or broke. */
export interface DoorbellEnd {
  readonly code: number;
  readonly reason: string;
}

/** Resolves when the socket is closed, for whatever reason; never rejects. */
export function listenToDoorbell(options: DoorbellOptions): Promise<DoorbellEnd> {
  return new Doorbell(options).listen();
}

class Doorbell {
  readonly #options: DoorbellOptions;
  readonly #client: Client;
  #socket: WebSocket | undefined;
  #cancelTimer: (() => void) | undefined;
  #trouble = '';
  #end: ((end: DoorbellEnd) => void) | undefined;

  constructor(options: DoorbellOptions) {
    this.#options = options;
    this.#client = createClient({
      url: options.transport.urlOf('/graphql').href.replace(/^http/, 'ws'),
      webSocketImpl: socketClass(options),
      connectionParams: { authorization: `Bearer ${options.credential}`, session: options.session.session },
      connectionAckWaitTimeout: OPEN_TIMEOUT_MS,
      // Reconnecting is a decision of its own, made where the credential and the session are known.
      retryAttempts: 0,
      on: {
        connected: (socket) => this.#onConnected(socket as WebSocket),
        pong: (isReceived, payload) => isReceived && this.#onPong(payload),
        error: (error) => (this.#trouble = wordsOf(error)),
        closed: (event) => this.#onClosed(event as Partial<DoorbellEnd>),
      },
    });
  }

  async listen(): Promise<DoorbellEnd> {
    const end = new Promise<DoorbellEnd>((resolve) => (this.#end = resolve));
    const { signal, onRing } = this.#options;
    const stop = (): void => this.#onClosed({ code: STOPPED, reason: 'the agent stops' });
    signal.addEventListener('abort', stop);
    this.#client.subscribe<AgentDoorbellSubscription>(
      { query: agentDoorbell.text },
      {
        next: ({ data }) => data && onRing(data.agentDoorbell.generation),
        error: (error) => this.#onSubscriptionEnd(wordsOf(error)),
        complete: () => this.#onSubscriptionEnd(''),
      },
    );
    if (signal.aborted) stop();
    try {
      return await end;
    } finally {
      this.#cancelTimer?.();
      signal.removeEventListener('abort', stop);
      // It waits for a connection that is being made; what becomes of that one is nobody's business any more.
      Promise.resolve(this.#client.dispose()).catch(() => undefined);
    }
  }

  #onConnected(socket: WebSocket): void {
    this.#socket = socket;
    this.#options.onOpen();
    this.#pingAfter(aroundMs(this.#options.session.heartbeatIntervalMs / 2, Math.random()));
  }

  #pingAfter(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return;
      this.#socket.send('{"type":"ping"}');
      this.#cancelTimer = this.#options.clock.after(PONG_TIMEOUT_MS, () => {
        this.#trouble = `the hub answered no ping for ${PONG_TIMEOUT_MS} ms`;
        this.#socket?.terminate();
      });
    });
  }

  /** The hub names the next interval, so that it can slow a whole fleet down. */
  #onPong(payload: Record<string, unknown> | undefined): void {
    const asked = Number(payload?.['nextPingMs']);
    const wanted = Number.isFinite(asked) && asked > 0 ? asked : this.#options.session.heartbeatIntervalMs;
    this.#pingAfter(Math.min(LONGEST_PING_MS, Math.max(SHORTEST_PING_MS, wanted)));
  }

  /** The hub ended the subscription alone: the socket is of no use without it. */
  #onSubscriptionEnd(trouble: string): void {
    this.#trouble ||= trouble;
    if (!this.#socket) this.#onClosed({});
    else this.#socket.close(1000);
  }

  #onClosed({ code, reason }: Partial<DoorbellEnd>): void {
    this.#end?.({ code: code ?? NEVER_OPENED, reason: reason || this.#trouble });
  }
}

/** The WebSocket with the agent's own connections, limits and authorities. */
function socketClass({ transport, hubCa }: DoorbellOptions) {
  return class HubSocket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, {
        agent: transport.agent,
        handshakeTimeout: OPEN_TIMEOUT_MS,
        maxPayload: LONGEST_MESSAGE_BYTES,
        perMessageDeflate: false,
        ...(hubCa !== undefined && { ca: hubCa }),
      });
    }
  };
}

/** Close events, errors and lists of GraphQL errors all come this way. */
function wordsOf(error: unknown): string {
  if (Array.isArray(error)) return error.map(wordsOf).join('; ');
  const { message, reason } = (error ?? {}) as { readonly message?: string; readonly reason?: string };
  return message || reason || '';
}
