// A slip of the hand must not empty the fleet: what removes instances needs their exact number from whoever asks.
import type { RemovalConsent } from '../../clusters/fleet-membership-port.ts';
import { refuse, type Refusal } from '../../platform/refusal.ts';

/** How many of those that would go are named. */
export const REMOVAL_EXAMPLES = 5;

/** An instance that would go. */
export interface RemovedInstance {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
}

/** `undefined`: nothing goes, or exactly what was agreed to. */
export function refuseRemovals(
  removed: readonly RemovedInstance[],
  { confirmRemovals }: RemovalConsent,
): Refusal | undefined {
  const count = removed.length;
  if (count === 0 || confirmRemovals === 'ANY' || confirmRemovals === count) return undefined;
  const named = removed.slice(0, REMOVAL_EXAMPLES).map(instancePath);
  const rest = count > named.length ? ` and ${count - named.length} more` : '';
  const instances = count === 1 ? '1 instance' : `${count} instances`;
  const agreed = confirmRemovals === undefined ? '' : `, not ${confirmRemovals}`;
  const message = `This would remove ${instances}${agreed}: ${named.join(', ')}${rest}. If that is meant, repeat it with confirmRemovals: ${count}.`;
  return refuse('REMOVES_INSTANCES', message, named);
}

/** `shop/prod/eu-1`: how messages name an instance. */
export function instancePath({ application, environment, cluster }: RemovedInstance): string {
  return `${application}/${environment}/${cluster}`;
}
