// The agents' keys: Ed25519, public part as SPKI in base64.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';

/** The key, or `undefined` where the text is no Ed25519 public key. */
export function readPublicKey(base64: string): KeyObject | undefined {
  if (base64.length > 200) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** One spelling for one key: what is stored and compared. */
export function canonicalPublicKey(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

/** Whether `signature` (base64) of the text was made by the owner of the public key. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const key = readPublicKey(publicKey);
  return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
}
