// How instances that came or went are told: one event for all of them, with a few by name.
import { instancePath, type RemovedInstance } from './removal-guard.ts';

/** PRUNED: their objects are deleted. ORPHANED: their objects stay, without our label. */
export type FleetChange = 'ADDED' | 'PRUNED' | 'ORPHANED';

const EXAMPLES = 5;

const words: Readonly<Record<FleetChange, readonly [kind: string, done: string]>> = {
  ADDED: ['instances.added', 'added'],
  PRUNED: ['instances.removed', 'removed, their objects are pruned'],
  ORPHANED: ['instances.removed', 'removed, their objects are left where they are'],
};

/** `actor` is automation: who asked for the change that led to this is in that change's own event. */
export function fleetChangeEvent(change: FleetChange, instances: readonly RemovedInstance[]) {
  const [kind, done] = words[change];
  const named = instances.slice(0, EXAMPLES).map(instancePath);
  const rest = instances.length > named.length ? ` and ${instances.length - named.length} more` : '';
  const subject = instances.length === 1 ? '1 instance' : `${instances.length} instances`;
  return {
    kind,
    actor: 'fairlead',
    message: `${subject} ${done}: ${named.join(', ')}${rest}.`,
    ...sharedName('application', instances),
    ...sharedName('environment', instances),
    ...sharedName('cluster', instances),
    data: { count: instances.length, examples: named },
  };
}

/** A name goes on the event only where it is the same for all. */
function sharedName<Name extends keyof RemovedInstance>(
  name: Name,
  instances: readonly RemovedInstance[],
): Partial<Record<Name, string>> {
  const values = new Set(instances.map((instance) => instance[name]));
  const [only] = values;
  return (values.size === 1 && only !== undefined ? { [name]: only } : {}) as Partial<Record<Name, string>>;
}
