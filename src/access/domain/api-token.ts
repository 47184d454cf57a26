// API tokens of people and programs. The secret itself is never here: only its hash is kept.
import type { Role } from './caller.ts';

export interface ApiToken {
  readonly id: bigint;
  readonly name: string;
  readonly user: string;
  readonly role: Role;
  readonly emails: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What an administrator asks for. */
export interface ApiTokenRequest {
  readonly name: string;
  readonly user: string;
  readonly role: Role;
  readonly emails: readonly string[];
  /** Null: until revoked. */
  readonly expiresInMs: number | null;
}

const MAX_EMAILS = 20;
const MAX_LIFETIME_MS = 3_650 * 86_400_000;

/** Everything that is wrong with a request, at once. */
export function apiTokenProblems({ name, user, emails, expiresInMs }: ApiTokenRequest): string[] {
  const badEmails = emails.filter((email) => !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email));
  return [
    ...textProblems('name', name),
    ...textProblems('user', user),
    ...badEmails.map((email) => `emails: "${email.slice(0, 80)}" is no address.`),
    ...(emails.length > MAX_EMAILS ? [`emails: at most ${MAX_EMAILS}.`] : []),
    ...(lifetimeIsGood(expiresInMs) ? [] : ['expiresIn must be between 1s and 3650d.']),
  ];
}

function textProblems(field: string, text: string): string[] {
  // Names stand in log lines and in activity: no control characters, no line ends.
  return /^[^\p{C}\s]([^\p{C}\n]{0,98}[^\p{C}\s])?$/u.test(text)
    ? []
    : [`${field} must be 1 to 100 printable characters, without spaces at its ends.`];
}

function lifetimeIsGood(expiresInMs: number | null): boolean {
  return expiresInMs === null || (expiresInMs >= 1_000 && expiresInMs <= MAX_LIFETIME_MS);
}

/** Whether it may be used. */
export function isActiveApiToken(
  { revokedAt, expiresAt }: Pick<ApiToken, 'revokedAt' | 'expiresAt'>,
  now: Date,
): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
