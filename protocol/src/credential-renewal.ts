// What an agent signs with its in-cluster key to get a new credential. The key alone authenticates: no token is sent,
// so an expired credential renews too.

/** The parts that are signed, and sent beside the signature. */
export interface RenewalRequest {
  /** The cluster's id as the join answered it. */
  readonly clusterId: string;
  /** RFC 3339 in UTC with milliseconds, by the hub's clock as far as the agent knows it. */
  readonly issuedAt: string;
  /** 16 to 64 characters of base64url, random for each request. */
  readonly nonce: string;
}

/** How far `issuedAt` may be from the hub's clock, either way. The refusal carries the hub's time, to sign again with. */
export const RENEWAL_WINDOW_MS = 5 * 60_000;

/**
 * The exact text whose UTF-8 bytes are signed with Ed25519; the signature is sent in base64.
 * The first line names purpose and version, so that a signature made for anything else is worth nothing here.
 */
export function renewalText({ clusterId, issuedAt, nonce }: RenewalRequest): string {
  return ['fairlead renew-credential v1', clusterId, issuedAt, nonce].join('\n');
}
