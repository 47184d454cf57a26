// Joins, renews, and knows the credential of the moment.
import { randomBytes } from 'node:crypto';
import { renewalText } from '@fairlead/protocol/credential-renewal';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Enrolment } from './agent-state.ts';
import { Bell } from './bell.ts';
import type { HubApi, JoinAnswer } from './hub-api.ts';
import type { HubClock } from './hub-clock.ts';
import { HubError, isHubError, isPassing, messageOf } from './hub-error.ts';
import { aroundMs } from './jitter.ts';
import { renewAtMs } from './renewal-time.ts';
import type { StateSecret } from './state-secret.ts';
import { StopAgent } from './stop-agent.ts';

/** Who this cluster is, as a join says it. */
export interface ClusterFacts {
  readonly joinToken: string | undefined;
  readonly clusterName: string | undefined;
  readonly kubeSystemUid: string;
  readonly kubernetesVersion: string;
  readonly agentVersion: string;
}

const RETRY_MS = 10_000;
// The hub's clock may turn out to be another one meanwhile.
const LONGEST_LOOK_MS = 600_000;

/** What the keeper works with. */
export interface KeeperParts {
  readonly clock: Clock;
  readonly api: HubApi;
  readonly state: StateSecret;
  readonly hubClock: HubClock;
  readonly log: Log;
  readonly facts: ClusterFacts;
}

/** One call to the hub at a time; everybody who needs a credential meanwhile waits for the same answer. */
export class CredentialKeeper {
  readonly #parts: KeeperParts;
  readonly #chance = Math.random();
  readonly #bell: Bell;
  #rejected: string | undefined;
  #working: Promise<string> | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
  }

  /** A credential that is good as far as is known. Throws `HubError`, or `StopAgent` where no retry can help. */
  credential(): Promise<string> {
    const { enrolment } = this.#parts.state.state;
    if (enrolment && enrolment.credential !== this.#rejected && !this.#isDue(enrolment)) {
      return Promise.resolve(enrolment.credential);
    }
    this.#working ??= this.#obtain(enrolment).finally(() => (this.#working = undefined));
    return this.#working;
  }

  /** The hub did not take this credential: the next call gets another one. */
  reject(credential: string): void {
    this.#rejected = credential;
  }

  /** Calls the hub; where it does not take the credential, once more with a new one. */
  async use<Answer>(call: (credential: string) => Promise<Answer>): Promise<Answer> {
    const credential = await this.credential();
    try {
      return await call(credential);
    } catch (error) {
      if (!isHubError(error, 'UNAUTHENTICATED')) throw error;
      this.reject(credential);
      return call(await this.credential());
    }
  }

  /** Renews in time, also where nothing else calls the hub. Rejects with `StopAgent` alone. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#bell.wait(this.#lookInMs(), signal);
      if (signal.aborted || !this.#parts.state.state.enrolment) continue;
      await this.credential().catch((error: unknown) => {
        // Whoever needs the credential next tries again, and says so.
        if (error instanceof StopAgent) throw error;
      });
    }
  }

  /** A renewal that failed is due already: it is tried again a little later. */
  #lookInMs(): number {
    const { enrolment } = this.#parts.state.state;
    const dueMs = enrolment ? renewAtMs(enrolment, this.#chance) - this.#parts.hubClock.now() : 0;
    return dueMs > 0 ? Math.min(dueMs, LONGEST_LOOK_MS) : aroundMs(RETRY_MS, Math.random());
  }

  #isDue(enrolment: Enrolment): boolean {
    return renewAtMs(enrolment, this.#chance) <= this.#parts.hubClock.now();
  }

  async #obtain(enrolment: Enrolment | undefined): Promise<string> {
    if (!enrolment) return this.#join();
    try {
      return await this.#renewInTime(enrolment);
    } catch (error) {
      if (isPassing(error) && this.#isStillGood(enrolment)) return enrolment.credential;
      return this.#afterRefusedRenewal(error);
    }
  }

  #isStillGood({ credential, expiresAtMs }: Enrolment): boolean {
    return credential !== this.#rejected && expiresAtMs > this.#parts.hubClock.now();
  }

  /** A hub with another database does not know this cluster; a join token, where there is one, lets it in again. */
  async #afterRefusedRenewal(error: unknown): Promise<string> {
    if (!(error instanceof HubError) || isPassing(error)) throw error;
    if (error.code === 'CLUSTER_REVOKED') throw revoked(error.message);
    const { log, facts } = this.#parts;
    log.error('the hub refused to renew the credential', { code: error.code, reason: error.message });
    if (facts.joinToken === undefined) throw error;
    return this.#join();
  }

  /** A refusal for the time's sake came with the hub's time. */
  async #renewInTime(enrolment: Enrolment): Promise<string> {
    try {
      return await this.#renew(enrolment);
    } catch (error) {
      if (!isHubError(error, 'RENEWAL_TIME')) throw error;
      return this.#renew(enrolment);
    }
  }

  async #renew({ clusterId, clusterName }: Enrolment): Promise<string> {
    const { api, state, hubClock } = this.#parts;
    const issuedAt = new Date(hubClock.now()).toISOString();
    const request = { clusterId, issuedAt, nonce: randomBytes(16).toString('base64url') };
    const signature = state.state.keyPair.sign(renewalText(request));
    const answer = await api.renew({ ...request, signature });
    return this.#keep({ clusterId, clusterName, ...answer }, 'credential renewed');
  }

  async #join(): Promise<string> {
    const { api, state, facts } = this.#parts;
    const { joinToken, clusterName, kubeSystemUid, kubernetesVersion, agentVersion } = facts;
    if (joinToken === undefined) {
      throw new StopAgent(
        'JOIN_REFUSED',
        'this cluster has not joined and FAIRLEAD_JOIN_TOKEN is missing: make a join token in the hub and set it',
      );
    }
    const input = {
      token: joinToken,
      publicKey: state.state.keyPair.publicKeyText,
      ...(clusterName !== undefined && { clusterName }),
      kubeSystemUid,
      kubernetesVersion,
      agentVersion,
    };
    try {
      const { isAccepted, ...answer } = await api.join(input);
      const joined = isAccepted
        ? 'joined the hub'
        : 'joined the hub; nothing is assigned until a person accepts';
      return await this.#keep(answer, joined);
    } catch (error) {
      throw this.#joinError(error);
    }
  }

  /** Before the first join nothing runs that would be lost by stopping; later the agent goes on from its bundles. */
  #joinError(error: unknown): unknown {
    if (!(error instanceof HubError) || isPassing(error)) return error;
    if (this.#parts.state.state.enrolment) return error;
    return new StopAgent('JOIN_REFUSED', `the hub refused the join (${error.code}): ${error.message}`);
  }

  async #keep(answer: Omit<JoinAnswer, 'isAccepted'>, done: string): Promise<string> {
    const { state, hubClock, log } = this.#parts;
    const enrolment = { ...answer, receivedAtMs: hubClock.now() };
    this.#bell.ring();
    log.info(done, {
      cluster: answer.clusterName,
      expiresAt: new Date(answer.expiresAtMs).toISOString(),
    });
    try {
      await state.save({ enrolment });
    } catch (error) {
      // The key, which is stored, gets another one after a restart.
      log.warn('the new credential could not be stored', { reason: messageOf(error) });
    }
    return answer.credential;
  }
}

/** The cluster was revoked, deleted or replaced at the hub. */
export function revoked(reason: string): StopAgent {
  const what = 'the hub does not let this cluster in any more, so its agent stops; what runs stays as it is';
  return new StopAgent('REVOKED', reason === '' ? what : `${what}: ${reason}`);
}
