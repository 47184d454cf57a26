// When a credential is renewed. Pure.

/** How long a credential is good, by the hub's clock. */
export interface CredentialLife {
  readonly receivedAtMs: number;
  readonly expiresAtMs: number;
}

const SHORTEST_WAIT_MS = 1_000;
// Two clocks that disagree by more than a life say nothing about it; the hub will refuse the credential soon enough.
const WAIT_WHERE_CLOCKS_DISAGREE_MS = 3_600_000;

/** Somewhere between 50 and 75 % of its life, so that a fleet that joined at once does not renew at once. */
export function renewAtMs({ receivedAtMs, expiresAtMs }: CredentialLife, random: number): number {
  const lifeMs = expiresAtMs - receivedAtMs;
  if (lifeMs <= 0) return receivedAtMs + WAIT_WHERE_CLOCKS_DISAGREE_MS;
  return receivedAtMs + Math.max(SHORTEST_WAIT_MS, lifeMs * (0.5 + random / 4));
}
