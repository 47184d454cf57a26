// CustomResourceDefinition: whether the API server serves its kind.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { condition, conditionIs } from '../conditions.ts';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { because } from '../read-fields.ts';

/** Refused names or a schema that is not structural need a hand; an Installing one needs a moment. */
export function customResourceDefinitionHealth(object: KubernetesObject): HealthVerdict {
  if (conditionIs(object, 'Terminating', 'True')) return progressing('Terminating', 'is being deleted');
  const refused = conditionIs(object, 'NamesAccepted', 'False');
  if (refused)
    return degraded(refused.reason ?? 'NamesNotAccepted', `its names are refused${because(refused.message)}`);
  return establishedVerdict(object) ?? schemaVerdict(object);
}

function establishedVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const established = condition(object, 'Established');
  if (established?.status === 'True') return undefined;
  const reason = established?.reason ?? 'Installing';
  const verdict = established?.status === 'False' && reason !== 'Installing' ? degraded : progressing;
  return verdict(reason, `is not established${because(established?.message)}`);
}

function schemaVerdict(object: KubernetesObject): HealthVerdict {
  const violation = conditionIs(object, 'NonStructuralSchema', 'True');
  if (!violation) return healthy('Established', 'is established');
  return degraded(
    violation.reason ?? violation.type,
    `its schema is not structural${because(violation.message)}`,
  );
}
