// Bearer tokens: random, told apart by a prefix, kept only as a hash. 256 random bits need no slow hash.
import { createHash, randomBytes } from 'node:crypto';

/** A new secret, shown once, and the hash that is kept. */
export interface NewBearerToken {
  readonly secret: string;
  readonly hash: Buffer;
}

/** `prefix` says what kind of token it is to whoever finds one in a log or a repository: `fl_user_`. */
export function newBearerToken(prefix: string): NewBearerToken {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, hash: hashBearerToken(secret) };
}

/** SHA-256, 32 bytes. */
export function hashBearerToken(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
