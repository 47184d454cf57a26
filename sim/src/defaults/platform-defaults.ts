// What the API server fills into kinds that set up the cluster itself: webhooks, definitions, volumes, autoscalers.
import type { JsonObject } from '../json-value.ts';
import { objectAt, objectsOf, stringOf, valueAt } from '../json-value.ts';
import { canonicalQuantities, fill, fillVolumeSource } from './pod-defaults.ts';

export function fillPersistentVolume(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fill(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  fillVolumeSource(spec);
  canonicalQuantities(spec['capacity']);
}

export function fillDefinition(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fill(spec, { conversion: { strategy: 'None' } });
  const names = objectAt(spec, 'names');
  const kind = stringOf(names['kind']) ?? '';
  fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
}

export function fillAutoscaler(draft: JsonObject): void {
  const target = { type: 'Utilization', averageUtilization: 80 };
  fill(objectAt(draft, 'spec'), {
    minReplicas: 1,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
  });
}

/** `forMutation`: the webhooks may change what they see, and say whether they want to see it again. */
export function fillWebhooks(draft: JsonObject, forMutation: boolean): void {
  for (const webhook of objectsOf(draft['webhooks'])) {
    fill(webhook, {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...(forMutation && { reinvocationPolicy: 'Never' }),
    });
    for (const rule of objectsOf(webhook['rules'])) fill(rule, { scope: '*' });
    if (valueAt(webhook, 'clientConfig', 'service'))
      fill(objectAt(webhook, 'clientConfig', 'service'), { port: 443 });
  }
}
