// Who may be at the other end: features register how their tokens are known; the door asks them in turn.
import { Injectable } from '@nestjs/common';
import { AtMost } from '../at-most.ts';
import type { Authenticator, Principal } from './request-context.ts';

/** Somebody whose credential is good. */
export interface Authenticated {
  readonly principal: Principal;
  readonly maxBodyBytes: number;
  /** Its operations run here, each when its turn comes. */
  readonly turns: AtMost;
}

/** One per process; filled while modules start. */
@Injectable()
export class Authenticators {
  readonly #registered: { readonly authenticator: Authenticator; readonly turns: AtMost }[] = [];

  register(authenticator: Authenticator): void {
    this.#registered.push({ authenticator, turns: new AtMost(authenticator.maxAtOnce) });
  }

  /** `undefined` where nobody knows the token. */
  async authenticate(token: string): Promise<Authenticated | undefined> {
    for (const { authenticator, turns } of this.#registered) {
      const principal = await authenticator.authenticate(token);
      if (principal) return { principal, maxBodyBytes: authenticator.maxBodyBytes, turns };
    }
    return undefined;
  }
}

/** The token of an `Authorization` header; `undefined` where there is none, empty where it is of another kind. */
export function bearerToken(header: unknown): string | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
}
