// What happened to one object of a real cluster and when, from a watch of its own: so that a change which is healed
// before anyone looks is still seen.
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ControlPlane } from '../../support/control-plane.ts';

/** One event of a watch; `atMs` on this process's monotonic clock. */
export interface ObjectEvent {
  readonly atMs: number;
  readonly type: string;
  readonly object: KubernetesObject;
}

/** The events so far, oldest first; the first tells how the object was at the beginning. */
export interface ObjectHistory {
  readonly events: readonly ObjectEvent[];
  stop(): void;
}

/** Watches `name` in the collection at `path`; comes back once the API server has answered. */
export async function watchObject(plane: ControlPlane, path: string, name: string): Promise<ObjectHistory> {
  const events: ObjectEvent[] = [];
  const url = new URL(`${path}?watch=true&fieldSelector=metadata.name%3D${name}`, plane.server);
  const headers = { authorization: `Bearer ${plane.adminToken}` };
  const outgoing = request(url, { ca: plane.caPem, headers, agent: false });
  await new Promise<void>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const lines = createInterface({ input: incoming });
      lines.on('line', (line) => {
        const { type, object } = JSON.parse(line) as Omit<ObjectEvent, 'atMs'>;
        events.push({ atMs: performance.now(), type, object });
      });
      // Ending the watch breaks the connection, which is no failure any more; a reader of lines tells it as well.
      for (const each of [incoming, lines]) each.on('error', () => undefined);
      resolve();
    });
    outgoing.end();
  });
  return { events, stop: () => outgoing.destroy() };
}
