// Keeps the doorbell open: credential, hello, socket, and again from the start when it ends.
import {
  CLOSE_REVOKED,
  CLOSE_SESSION_REPLACED,
  CLOSE_UNSUPPORTED_PROTOCOL,
} from '@fairlead/protocol/protocol-version';
import { pause, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { revoked, type CredentialKeeper } from './credential-keeper.ts';
import { listenToDoorbell, type DoorbellEnd } from './doorbell.ts';
import { HubError, isPassing } from './hub-error.ts';
import type { HubTransport } from './hub-transport.ts';
import { aroundMs, reconnectDelayMs } from './jitter.ts';
import { OutageLog } from './outage-log.ts';
import type { SessionKeeper } from './session-keeper.ts';
import { StopAgent } from './stop-agent.ts';

// For what only a person can mend: another version, a cluster that the hub does not know.
const SLOW_RETRY_MS = 60_000;
const CLOSE_UNAUTHENTICATED = 4401;
// In place of the hub's code: the newer session is our own, begun since the socket was opened.
const CLOSE_BY_OURSELVES = 1000;

/** What the link works with. */
export interface LinkParts {
  readonly transport: HubTransport;
  readonly hubCa: string | undefined;
  readonly keeper: CredentialKeeper;
  readonly sessions: SessionKeeper;
  readonly clock: Clock;
  readonly log: Log;
  /** Told each time the socket is open, and the generation at each ring. */
  readonly onOpen: () => void;
  readonly onRing: (generation: number) => void;
}

/** One per agent. */
export class HubLink {
  readonly #parts: LinkParts;
  readonly #outage: OutageLog;
  #isOpen = false;
  #failures = 0;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#outage = new OutageLog(parts.log, 'the connection to the hub');
  }

  /** Whether rings can be heard now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Until the signal is aborted; rejects with `StopAgent` where going on is of no use. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isSlow = await this.#connect(signal);
      if (!signal.aborted) await pause(this.#parts.clock, this.#delayMs(isSlow), signal);
      this.#failures += 1;
    }
  }

  /** Whether the next try should wait for a person. */
  async #connect(signal: AbortSignal): Promise<boolean> {
    try {
      const end = await this.#listen(signal);
      return signal.aborted ? false : this.#judge(end);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.#outage.failed(`${error.message} (${error.code})`);
      return !isPassing(error) && error.code !== 'UNAUTHENTICATED';
    }
  }

  async #listen(signal: AbortSignal): Promise<DoorbellEnd> {
    const { keeper, sessions, transport, hubCa, clock, onRing } = this.#parts;
    const session = await sessions.session();
    const credential = await keeper.credential();
    try {
      const onOpen = (): void => this.#opened();
      const options = { transport, hubCa, credential, session, clock, signal, onOpen, onRing };
      const end = await listenToDoorbell(options);
      if (end.code === CLOSE_UNAUTHENTICATED) keeper.reject(credential);
      const isOurs = end.code === CLOSE_SESSION_REPLACED && sessions.current !== session;
      return isOurs ? { ...end, code: CLOSE_BY_OURSELVES } : end;
    } finally {
      this.#isOpen = false;
    }
  }

  #opened(): void {
    this.#isOpen = true;
    this.#failures = 0;
    this.#outage.works();
    this.#parts.log.info('connected to the hub', { hub: this.#parts.transport.host });
    this.#parts.onOpen();
  }

  #judge({ code, reason }: DoorbellEnd): boolean {
    switch (code) {
      case CLOSE_REVOKED:
        throw revoked(reason);
      case CLOSE_SESSION_REPLACED:
        throw sessionReplaced(reason);
      case CLOSE_UNSUPPORTED_PROTOCOL:
        this.#outage.failed(
          `the hub does not serve the protocol of this agent, update one of them: ${reason}`,
        );
        return true;
      default:
        this.#outage.failed(`the doorbell ended (${code}): ${reason || 'no reason given'}`);
        return false;
    }
  }

  #delayMs(isSlow: boolean): number {
    if (isSlow) return aroundMs(SLOW_RETRY_MS, Math.random());
    return reconnectDelayMs(this.#failures, Math.random());
  }
}

/** Another agent of this cluster has said hello later. */
export function sessionReplaced(reason: string): StopAgent {
  return new StopAgent(
    'SESSION_REPLACED',
    `another agent of this cluster has begun a newer session, so this one stops (${reason}); run one agent per cluster`,
  );
}
