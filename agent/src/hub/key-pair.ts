// The cluster's key: made inside it, never leaves it, and alone proves a renewal.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** An Ed25519 key. */
export class KeyPair {
  readonly #privateKey: KeyObject;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
  }

  static generate(): KeyPair {
    return new KeyPair(generateKeyPairSync('ed25519').privateKey);
  }

  /** From what `privateKeyText` gave; throws where it is no Ed25519 key. */
  static restore(text: string): KeyPair {
    const der = Buffer.from(text, 'base64');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`the key is ${key.asymmetricKeyType}, no Ed25519`);
    return new KeyPair(key);
  }

  /** PKCS #8 in base64: for the agent's own Secret alone. */
  get privateKeyText(): string {
    return this.#privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  }

  /** SPKI in base64, as a join sends it. */
  get publicKeyText(): string {
    return createPublicKey(this.#privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  }

  /** The signature over a text's UTF-8 bytes, in base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.#privateKey).toString('base64');
  }
}
