// A person's subscription to instances: when each one was first seen to be DEGRADED.
import { createClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import { nowMs } from '../agents/fleet-messages.ts';
import type { BenchHub } from '../programs/bench-hub.ts';

const CHANGED = /* GraphQL */ `
  subscription Changed {
    instanceChanged {
      id
      health
    }
  }
`;

interface Changed {
  readonly instanceChanged: { readonly id: string; readonly health: string };
}

/** Listens until `close`. */
export interface SeenChanges {
  /** Times by tracking id. */
  readonly degradedAtMs: ReadonlyMap<string, number>;
  /** How many messages came in all. */
  messages(): number;
  close(): void;
}

/** Subscribes to all instances; comes back when the connection is open. */
export async function watchInstances({ api, adminToken }: BenchHub): Promise<SeenChanges> {
  const degradedAtMs = new Map<string, number>();
  let messages = 0;
  const { promise: opened, resolve: onOpen, reject: onError } = Promise.withResolvers<void>();
  const client = createClient({
    url: `${api.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${adminToken}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: onError,
    on: { connected: () => onOpen() },
  });
  client.subscribe<Changed>(
    { query: CHANGED },
    {
      next: ({ data }) => {
        messages += 1;
        const instance = data?.instanceChanged;
        if (instance?.health === 'DEGRADED' && !degradedAtMs.has(instance.id))
          degradedAtMs.set(instance.id, nowMs());
      },
      error: onError,
      complete: () => undefined,
    },
  );
  await opened;
  return { degradedAtMs, messages: () => messages, close: () => void client.dispose() };
}
