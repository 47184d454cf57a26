// The rules that hold for every kind, before its own: deletion, an unseen generation, Stalled and Reconciling;
// and the fallback for kinds without a rule: Ready and Available (the kstatus conventions).
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type Condition, condition, conditionIs, conditionsOf } from './conditions.ts';
import { type HealthVerdict, degraded, healthy, progressing, unknown } from './health-verdict.ts';
import { because, fields, quoted, texts, wholeNumber } from './read-fields.ts';

/** The kstatus conventions Stalled and Reconciling. Stalled is asked first, so that the order of the list decides nothing. */
export function conventionsVerdict(object: KubernetesObject): HealthVerdict | undefined {
  return stalledVerdict(object) ?? reconcilingVerdict(object);
}

/**
 * For kinds whose controllers always set `observedGeneration`: without it none has looked yet, and the numbers in the
 * status are of no worth.
 */
export function notObserved(object: KubernetesObject): HealthVerdict | undefined {
  const generation = wholeNumber(fields(object.metadata)['generation']);
  const observed = wholeNumber(fields(object['status'])['observedGeneration']);
  if (generation === undefined || observed !== undefined) return undefined;
  return progressing('NotObserved', 'its controller has not looked at it yet');
}

/** The verdict on a kind that has no rule of its own. An object without conditions is healthy by being there. */
export function fallbackVerdict(object: KubernetesObject): HealthVerdict {
  const said = condition(object, 'Ready') ?? condition(object, 'Available');
  const old = said && oldCondition(object, said);
  if (old) return old;
  if (!said) return healthy('Exists', 'is in the cluster');
  if (said.status === 'True') return healthy(said.reason ?? said.type, `is ${said.type.toLowerCase()}`);
  // Never DEGRADED: controllers say Ready=False while they work, and only Stalled tells the two apart.
  return progressing(
    said.reason ?? `Not${said.type}`,
    `is not ${said.type.toLowerCase()}${because(said.message)}`,
  );
}

/** A status from which nothing can be read. */
export function malformedVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const status = object['status'] ?? {};
  if (typeof status !== 'object' || Array.isArray(status)) {
    return unknown('MalformedStatus', 'its status is not an object, so nothing can be read from it');
  }
  const conditions = fields(status)['conditions'] ?? [];
  if (Array.isArray(conditions)) return undefined;
  return unknown('MalformedStatus', 'its status.conditions is not a list, so nothing can be read from it');
}

/** An object that is on its way out. */
export function deletionVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const metadata = fields(object.metadata);
  if (!metadata['deletionTimestamp']) return undefined;
  const finalizers = texts(metadata['finalizers']);
  const waitsFor = finalizers.length > 0 ? `, waits for ${quoted(finalizers.join(', '))}` : '';
  return progressing('Terminating', `is being deleted${waitsFor}${because(holdingBack(object))}`);
}

function oldCondition(object: KubernetesObject, said: Condition): HealthVerdict | undefined {
  const generation = wholeNumber(fields(object.metadata)['generation']);
  const seen = said.observedGeneration;
  if (generation === undefined || seen === undefined || seen >= generation) return undefined;
  return progressing(
    'NotObserved',
    `${said.type} is of generation ${seen}, and the object is at ${generation}`,
  );
}

/** A Namespace names what keeps it from going in conditions of its own. */
function holdingBack(object: KubernetesObject): string {
  return conditionsOf(object)
    .filter(({ type, status }) => status === 'True' && /(Failure|Remaining)$/.test(type))
    .map(({ type, message }) => message ?? type)
    .sort()
    .join('; ');
}

/** A status of an older generation than the one that was asked for. */
export function generationVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const generation = wholeNumber(fields(object.metadata)['generation']);
  const observed = wholeNumber(fields(object['status'])['observedGeneration']);
  if (generation === undefined || observed === undefined || generation === observed) return undefined;
  return progressing(
    'NotObserved',
    `its controller has seen generation ${observed} and not yet ${generation}, so its status is old`,
  );
}

function stalledVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const stalled = conditionIs(object, 'Stalled', 'True');
  return stalled && degraded(stalled.reason ?? 'Stalled', `is stalled${because(stalled.message)}`);
}

function reconcilingVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const reconciling = conditionIs(object, 'Reconciling', 'True');
  return (
    reconciling &&
    progressing(reconciling.reason ?? 'Reconciling', `is being reconciled${because(reconciling.message)}`)
  );
}
