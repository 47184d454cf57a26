// What a resolver may know of the request: who calls, under which id, and the loaders that live as long as it does.
import type DataLoader from 'dataloader';

/** Who calls; the features give it meaning (access: a user; clusters: an agent). Comes from a credential, never from an argument. */
export interface Principal {
  readonly kind: string;
  /** For logs and for the activity of what they do. */
  readonly name: string;
  /** When the credential ends; open sockets of it are closed then. */
  readonly validUntil?: Date | undefined;
}

/** Turns a bearer token into its owner; `undefined` where the token is not this authenticator's or is worth nothing. */
export abstract class Authenticator {
  /** How large a message of its principals may be. */
  readonly maxBodyBytes: number = 1_000_000;
  /** How many operations of all its principals together run at once; others wait, and hold up nobody else's. */
  readonly maxAtOnce: number = Infinity;

  abstract authenticate(token: string): Promise<Principal | undefined>;
}

/** GraphQL's context value, for HTTP and WebSocket alike. */
export interface RequestContext {
  readonly requestId: string;
  readonly principal: Principal | undefined;
  /** Where the caller found the hub, such as `https://hub:8080`, by the caller's own word; only over HTTP. */
  readonly origin: string | undefined;
  /** One loader per name and request: many keys asked for in one tick become one batch, in the keys' order. */
  loader<Key, Value>(
    name: string,
    batch: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  ): DataLoader<Key, Value>;
}
