// How hub and outside systems sign what they send each other: a time and an HMAC over time and body.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries the signature, both ways. */
export const SIGNATURE_HEADER = 'x-fairlead-signature';

const TOLERANCE_MS = 5 * 60_000;

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 with the named secret over `SECONDS.BODY`. */
export function sign(secret: string | Buffer, body: string | Buffer, now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1_000));
  return `t=${seconds},v1=${hmac(secret, seconds, body)}`;
}

/** Whether the header is the secret's word on this body, said within five minutes of now. */
export function isSignedBy(
  secret: string | Buffer,
  header: string | undefined,
  body: string | Buffer,
  now: Date,
): boolean {
  const [, seconds, digest] = /^t=(\d{1,12}),\s*v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (seconds === undefined || digest === undefined) return false;
  if (Math.abs(now.getTime() - Number(seconds) * 1_000) > TOLERANCE_MS) return false;
  return timingSafeEqual(Buffer.from(digest, 'hex'), Buffer.from(hmac(secret, seconds, body), 'hex'));
}

function hmac(secret: string | Buffer, seconds: string, body: string | Buffer): string {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
}
