// Who may be at the other end: features register how their tokens are known; the door asks them in turn.
import { Injectable } from '@nestjs/common';
import type { Authenticator, Principal } from './request-context.ts';

/** Somebody whose credential is good. */
export interface Authenticated {
  readonly principal: Principal;
  readonly maxBodyBytes: number;
}

/** One per process; filled while modules start. */
@Injectable()
export class Authenticators {
  readonly #authenticators: Authenticator[] = [];

  register(authenticator: Authenticator): void {
    this.#authenticators.push(authenticator);
  }

  /** `undefined` where nobody knows the token. */
  async authenticate(token: string): Promise<Authenticated | undefined> {
    for (const authenticator of this.#authenticators) {
      const principal = await authenticator.authenticate(token);
      if (principal) return { principal, maxBodyBytes: authenticator.maxBodyBytes };
    }
    return undefined;
  }
}

/** The token of an `Authorization` header; `undefined` where there is none, empty where it is of another kind. */
export function bearerToken(header: unknown): string | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
}
