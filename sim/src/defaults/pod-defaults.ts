// What the API server fills into a pod and into every pod template, so that applying the same again changes nothing.
import type { JsonObject } from '../json-value.ts';
import { isObject, objectAt, objectsOf, valueAt } from '../json-value.ts';
import { canonicalQuantity } from './quantity.ts';

/** Sets the fields that are absent. */
export function fill(target: JsonObject, values: JsonObject): void {
  for (const [name, value] of Object.entries(values)) target[name] ??= structuredClone(value);
}

/** Completes a pod's spec in place. */
export function fillPodSpec(spec: JsonObject): void {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of objectsOf(spec[list])) fillContainer(container);
  }
  for (const volume of objectsOf(spec['volumes'])) fillVolumeSource(volume);
  if (typeof spec['serviceAccountName'] === 'string') spec['serviceAccount'] = spec['serviceAccountName'];
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
}

function fillContainer(container: JsonObject): void {
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(container['image']),
  });
  for (const port of objectsOf(container['ports'])) fill(port, { protocol: 'TCP' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) fillProbe(container[name]);
  for (const name of ['postStart', 'preStop']) fillAction(valueAt(container, 'lifecycle', name));
  for (const variable of objectsOf(container['env'])) fillVariable(variable);
  fillResources(objectAt(container, 'resources'));
}

// An empty value is written by nobody and stored by nobody: leaving it in would make a difference of nothing.
function fillVariable(variable: JsonObject): void {
  if (variable['value'] === '') delete variable['value'];
  const source = variable['valueFrom'];
  if (isObject(source) && isObject(source['fieldRef'])) fill(source['fieldRef'], { apiVersion: 'v1' });
}

function pullPolicyOf(image: unknown): string {
  const name = typeof image === 'string' ? image : '';
  const tag = /:([^/:@]+)(?:@.*)?$/.exec(name)?.[1];
  const isPinned = name.includes('@') || (tag !== undefined && tag !== 'latest');
  return isPinned ? 'IfNotPresent' : 'Always';
}

function fillProbe(probe: unknown): void {
  if (!isObject(probe)) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  fillAction(probe);
  if (isObject(probe['grpc'])) fill(probe['grpc'], { service: '' });
}

/** A probe or a lifecycle hook that asks over HTTP. */
function fillAction(action: unknown): void {
  if (isObject(action) && isObject(action['httpGet'])) fill(action['httpGet'], { path: '/', scheme: 'HTTP' });
}

function fillResources(resources: JsonObject): void {
  for (const name of ['limits', 'requests']) canonicalQuantities(resources[name]);
}

/** Rewrites every amount of a resource list in its canonical spelling. */
export function canonicalQuantities(amounts: unknown): void {
  if (!isObject(amounts)) return;
  for (const [name, amount] of Object.entries(amounts)) {
    if (typeof amount === 'string' || typeof amount === 'number')
      amounts[name] = canonicalQuantity(String(amount));
  }
}

/** A pod's volume, or the source of a PersistentVolume. */
export function fillVolumeSource(volume: JsonObject): void {
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    if (isObject(volume[source])) fill(volume[source], { defaultMode: 420 });
  }
  if (isObject(volume['hostPath'])) fill(volume['hostPath'], { type: '' });
}
