// Keeps the agent's state in a Secret of its namespace, so that a restart or another node changes no identity.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { decodeState, encodeState, type AgentState, type StateText } from './agent-state.ts';
import { messageOf } from './hub-error.ts';
import { KeyPair } from './key-pair.ts';

/** Name of the Secret. */
export const STATE_SECRET = 'fairlead-agent';

/** Reads and writes the Secret; the last state read or written is at hand as `state`. */
export class StateSecret {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  #state: AgentState | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(kube: KubeClient, namespace: string) {
    this.#kube = kube;
    this.#namespace = namespace;
  }

  /** Throws where nothing was loaded before. */
  get state(): AgentState {
    if (!this.#state) throw new Error('the agent state is read before it was loaded');
    return this.#state;
  }

  /** The stored state; a new key is made and stored where there is none. Makes the namespace too. */
  async load(): Promise<AgentState> {
    this.#state = (await this.#read()) ?? (await this.#create());
    return this.#state;
  }

  /** Writes the members given, after all earlier writes; rejects with `KubeError` where it cannot. */
  save(changes: Partial<Pick<AgentState, 'enrolment' | 'doneInstructions'>>): Promise<void> {
    this.#state = { ...this.state, ...changes };
    const state = this.#state;
    const write = this.#writing.then(() => this.#write(state));
    // A failed write is its caller's business; those that follow carry the whole state again.
    this.#writing = write.catch(() => undefined);
    return write;
  }

  async #read(): Promise<AgentState | undefined> {
    const found = await this.#kube.get(this.#ref());
    if (!found) return undefined;
    try {
      return decodeState(textsOf(found));
    } catch (error) {
      const where = `Secret ${this.#namespace}/${STATE_SECRET}`;
      throw new Error(
        `cannot read the agent's key in ${where}: ${messageOf(error)}; restore the Secret, or delete it and join with a token that replaces this cluster`,
        { cause: error },
      );
    }
  }

  async #create(): Promise<AgentState> {
    await this.#ensureNamespace();
    const state = { keyPair: KeyPair.generate(), enrolment: undefined, doneInstructions: [] };
    try {
      await this.#kube.create(this.#secret(encodeState(state)));
      return state;
    } catch (error) {
      if (!isKubeError(error, 409)) throw error;
    }
    // It is there, without a key or from an agent that was faster: that one's key is the cluster's.
    const theirs = await this.#read();
    if (theirs) return theirs;
    await this.#kube.replace(this.#secret(encodeState(state)));
    return state;
  }

  async #write(state: AgentState): Promise<void> {
    const secret = this.#secret(encodeState(state));
    try {
      await this.#kube.patch(this.#ref(), 'application/merge-patch+json', { data: secret['data'] });
    } catch (error) {
      if (!isKubeError(error, 404)) throw error;
      await this.#ensureNamespace();
      await this.#kube.create(secret);
    }
  }

  async #ensureNamespace(): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: this.#namespace };
    try {
      await this.#kube.create({ ...ref, metadata: { name: ref.name } });
    } catch (error) {
      // It is there already, or the agent may not make namespaces and somebody else did.
      if (!isKubeError(error, 409, 403)) throw error;
    }
  }

  #ref() {
    return { apiVersion: 'v1', kind: 'Secret', namespace: this.#namespace, name: STATE_SECRET };
  }

  #secret(text: StateText): KubernetesObject {
    const encoded = Object.entries(text).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: STATE_SECRET, namespace: this.#namespace },
      type: 'fairlead.dev/agent',
      data: Object.fromEntries(encoded) as Record<string, string>,
    };
  }
}

function textsOf(secret: KubernetesObject): StateText {
  const data = (secret['data'] ?? {}) as Record<string, string>;
  const decoded = Object.entries(data).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return Object.fromEntries(decoded) as Record<string, string>;
}
