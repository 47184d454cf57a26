// What the agent must remember across restarts, and its form in a Secret. Pure.
import { KeyPair } from './key-pair.ts';

/** What a join or a renewal gave. Times are by the hub's clock. */
export interface Enrolment {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly credential: string;
  readonly receivedAtMs: number;
  readonly expiresAtMs: number;
}

/** The whole memory. */
export interface AgentState {
  readonly keyPair: KeyPair;
  readonly enrolment: Enrolment | undefined;
  /** Ids of instructions that ran, the newest last: none runs twice. */
  readonly doneInstructions: readonly string[];
}

/** So many ids of instructions are remembered; the hub does not send one again once it is acknowledged. */
export const MAX_DONE_INSTRUCTIONS = 500;

/** A Secret's `data`, decoded. */
export type StateText = Readonly<Record<string, string>>;

/** The state as texts by key. */
export function encodeState({ keyPair, enrolment, doneInstructions }: AgentState): StateText {
  return {
    privateKey: keyPair.privateKeyText,
    publicKey: keyPair.publicKeyText,
    enrolment: enrolment ? JSON.stringify(enrolment) : '',
    doneInstructions: doneInstructions.slice(-MAX_DONE_INSTRUCTIONS).join('\n'),
  };
}

/** The state of such texts, or `undefined` where they hold no key: then nothing else in them is worth anything. */
export function decodeState(text: StateText): AgentState | undefined {
  if (!text['privateKey']) return undefined;
  return {
    keyPair: KeyPair.restore(text['privateKey']),
    enrolment: text['enrolment'] ? (JSON.parse(text['enrolment']) as Enrolment) : undefined,
    doneInstructions: (text['doneInstructions'] ?? '').split('\n').filter((id) => id !== ''),
  };
}
