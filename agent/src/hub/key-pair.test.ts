import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeState, encodeState, MAX_DONE_INSTRUCTIONS } from './agent-state.ts';
import { KeyPair } from './key-pair.ts';

describe("the cluster's key", () => {
  it('signs so that the public half, as a join sends it, verifies', () => {
    const pair = KeyPair.generate();
    const der = Buffer.from(pair.publicKeyText, 'base64');
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const signature = Buffer.from(pair.sign('renew'), 'base64');
    expect(verify(null, Buffer.from('renew'), publicKey, signature)).toBe(true);
    expect(verify(null, Buffer.from('another'), publicKey, signature)).toBe(false);
  });

  it('is the same after it was kept and read again', () => {
    const pair = KeyPair.generate();
    expect(KeyPair.restore(pair.privateKeyText).publicKeyText).toBe(pair.publicKeyText);
  });
});

describe("the agent's memory", () => {
  const enrolment = {
    clusterId: 'x',
    clusterName: 'prod-1',
    credential: 'fl_agent_x',
    receivedAtMs: 1,
    expiresAtMs: 2,
  };

  it('is the same after it was written and read', () => {
    const state = { keyPair: KeyPair.generate(), enrolment, doneInstructions: ['a', 'b'] };
    const read = decodeState(encodeState(state));
    expect(read).toMatchObject({ enrolment, doneInstructions: ['a', 'b'] });
    expect(read?.keyPair.publicKeyText).toBe(state.keyPair.publicKeyText);
  });

  it('forgets the oldest instructions', () => {
    const ids = Array.from({ length: MAX_DONE_INSTRUCTIONS + 2 }, (_, n) => `id-${n}`);
    const state = { keyPair: KeyPair.generate(), enrolment: undefined, doneInstructions: ids };
    expect(decodeState(encodeState(state))?.doneInstructions).toEqual(ids.slice(2));
  });

  it('is none where there is no key', () => {
    expect(decodeState({ enrolment: JSON.stringify(enrolment) })).toBeUndefined();
  });
});
