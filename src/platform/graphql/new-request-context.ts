// Makes the context of one operation, or of one event of a subscription: loaders must not outlive what they read.
import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import type { Principal, RequestContext } from './request-context.ts';

/** A context with no loader yet. */
export function newRequestContext(principal: Principal | undefined, origin?: string): RequestContext {
  const loaders = new Map<string, DataLoader<never, unknown>>();
  return {
    requestId: randomUUID(),
    principal,
    origin,
    loader<Key, Value>(name: string, batch: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>) {
      const known = loaders.get(name);
      if (known) return known as unknown as DataLoader<Key, Value>;
      const made = new DataLoader<Key, Value>((keys) => batch(keys), { cacheKeyFn: cacheKey });
      loaders.set(name, made);
      return made;
    },
  };
}

/** Keys that are values of several parts are compared by their text, not by identity. */
function cacheKey<Key>(key: Key): Key {
  if (typeof key !== 'object' || key === null) return key;
  return JSON.stringify(key, (_name, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  ) as Key;
}
