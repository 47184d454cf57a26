// Says hello, and knows the session of the moment. One session a process: a second agent of the same cluster then
// shows as a newer session, and never as a reconnect.
import { PROTOCOL_VERSION } from '@fairlead/protocol/protocol-version';
import type { Log } from '../log.ts';
import type { CredentialKeeper } from './credential-keeper.ts';
import type { HubApi, Session } from './hub-api.ts';
import type { KnownAssignments } from './known-assignments.ts';

/** What the agent can do beyond its protocol version. */
const CAPABILITIES: readonly string[] = ['heal-now'];

/** What the keeper works with. */
export interface SessionParts {
  readonly api: HubApi;
  readonly keeper: CredentialKeeper;
  readonly versions: { readonly agentVersion: string; readonly kubernetesVersion: string };
  /** What is applied: the hub learns from it how far behind this cluster is. */
  readonly known: () => Pick<KnownAssignments, 'epoch' | 'generation'>;
  readonly log: Log;
}

/** Begins sessions. */
export class SessionKeeper {
  readonly #parts: SessionParts;
  #current: Session | undefined;
  #beginning: Promise<Session> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** The session, if one has begun. */
  get current(): Session | undefined {
    return this.#current;
  }

  /** The session; begins one where there is none. Throws `HubError`. */
  session(): Promise<Session> {
    if (this.#current) return Promise.resolve(this.#current);
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = undefined));
    return this.#beginning;
  }

  /** The hub is of another epoch: its count of sessions says nothing of ours. */
  forgetWhereNot(epoch: string): void {
    if (this.#current?.epoch !== epoch) this.#current = undefined;
  }

  async #begin(): Promise<Session> {
    const { api, keeper, versions, known, log } = this.#parts;
    const { epoch, generation } = known();
    const input = {
      protocolVersion: PROTOCOL_VERSION,
      agentVersion: versions.agentVersion,
      kubernetesVersion: versions.kubernetesVersion,
      appliedGeneration: generation,
      epoch: epoch ?? null,
      capabilities: CAPABILITIES,
    };
    const session = await keeper.use((credential) => api.hello(input, credential));
    log.info('session begun', { session: session.session, epoch: session.epoch });
    this.#current = session;
    return session;
  }
}
