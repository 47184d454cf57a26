// Which events make one look at an object: the fast path. Pure but for the state's own notes.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { LiveObject } from '../drift/live-object.ts';
import type { InstanceState } from './instance-state.ts';

/** What an event told of an object, and when. */
export interface Told {
  readonly after: LiveObject | undefined;
  readonly object: KubernetesObject | undefined;
  readonly nowMs: number;
}

/** Another writer was there, or the object is gone. */
export function isSuspicious(state: InstanceState, id: string, live: LiveObject | undefined): boolean {
  return live?.instance !== state.assignment.instance || live.owned !== state.inventory.get(id)?.owned;
}

/** Keeps what a suspicious event told, so that nobody need ask for it again, and when the first such event came. */
export function noteSuspect(state: InstanceState, id: string, { after, object, nowMs }: Told): void {
  const seenAtMs = state.suspects.get(id)?.seenAtMs ?? nowMs;
  if (isSuspicious(state, id, after)) state.suspects.set(id, { object, seenAtMs });
  else state.suspects.delete(id);
}
