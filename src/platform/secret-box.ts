// Encryption at rest for what the hub must be able to read again: repository credentials, bundles that hold Secrets.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** AES-256-GCM under a key derived from FAIRLEAD_SECRET_KEY. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(secretKey: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', 'fairlead secret box 1', 32));
  }

  /** `purpose` is bound in: what was sealed for one purpose (`repository:URL`) does not open for another. */
  seal(plain: Uint8Array | string, purpose: string): Buffer<ArrayBuffer> {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(purpose));
    const body = [cipher.update(plain), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), ...body]);
  }

  /** Throws where the key is another, the bytes were changed, or the purpose is not the one they were sealed for. */
  open(sealed: Uint8Array, purpose: string): Buffer<ArrayBuffer> {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) {
      throw new Error(`The encrypted ${purpose} was not written by this version of Fairlead.`);
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(1, 1 + IV_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(1 + IV_BYTES, HEAD_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new Error(`The encrypted ${purpose} does not open: was FAIRLEAD_SECRET_KEY changed?`, { cause });
    }
  }

  /** 32 bytes that only this key's owner can make: the same for the same purpose, so that nothing need be kept. */
  derive(purpose: string): Buffer {
    return createHmac('sha256', this.#key).update(`derived ${purpose}`).digest();
  }

  /** A value that tells whether two keys are the same, and nothing else about them. */
  checkValue(): string {
    return createHmac('sha256', this.#key).update('check').digest('hex');
  }

  /** Whether a check value is this key's. */
  matches(checkValue: string): boolean {
    const [mine, theirs] = [Buffer.from(this.checkValue()), Buffer.from(checkValue)];
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }
}
