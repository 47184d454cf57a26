import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { inStages, isHook, placeOf, type Place } from './apply-order.ts';

const object = (
  kind: string,
  annotations: Record<string, string> = {},
  apiVersion = 'v1',
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: kind.toLowerCase(), annotations },
});
const stages = (...objects: KubernetesObject[]): string[][] =>
  inStages(objects.map((given) => ({ kind: given.kind, place: placeOf(given) as Place }))).map((stage) =>
    stage.map(({ kind }) => kind),
  );

it('applies what others need before them, and webhooks last', () => {
  const kinds = [
    'ValidatingWebhookConfiguration',
    'Widget',
    'Deployment',
    'Service',
    'ConfigMap',
    'StorageClass',
    'Namespace',
    'CustomResourceDefinition',
  ];
  expect(stages(...kinds.map((kind) => object(kind)))).toEqual([
    ['Namespace', 'CustomResourceDefinition'],
    ['StorageClass'],
    ['ConfigMap'],
    ['Service'],
    ['Widget', 'Deployment'],
    ['ValidatingWebhookConfiguration'],
  ]);
});

it('puts a sync wave above the order of kinds', () => {
  const late = object('Namespace', { 'fairlead.dev/sync-wave': '2' });
  const early = object('Deployment', { 'argocd.argoproj.io/sync-wave': '-1' });
  expect(stages(late, object('Service'), early)).toEqual([['Deployment'], ['Service'], ['Namespace']]);
});

it('puts hooks before and after everything else, in the order of their weights', () => {
  const hook = (kind: string, at: string, weight: string) =>
    object(kind, { 'helm.sh/hook': at, 'helm.sh/hook-weight': weight });
  const given = [
    hook('After', 'post-install,post-upgrade', '0'),
    hook('Second', 'pre-install', '5'),
    object('Deployment'),
    hook('First', 'pre-upgrade', '-5'),
  ];
  expect(stages(...given)).toEqual([['First'], ['Second'], ['Deployment'], ['After']]);
});

it('never applies hooks of another occasion', () => {
  expect(placeOf(object('Pod', { 'helm.sh/hook': 'test' }))).toBeUndefined();
  expect(placeOf(object('Job', { 'argocd.argoproj.io/hook': 'PostDelete' }))).toBeUndefined();
});

it('takes a wave that is no number for none', () => {
  expect(placeOf(object('Secret', { 'fairlead.dev/sync-wave': 'soon' }))?.[1]).toBe(0);
});

it("does not take another group's Service for the core one", () => {
  const place = placeOf(object('Service', {}, 'serving.knative.dev/v1'));
  expect(place).toEqual(placeOf(object('Deployment')));
});

it('knows a hook', () => {
  expect([isHook(object('Job', { 'helm.sh/hook': 'pre-install' })), isHook(object('Job'))]).toEqual([
    true,
    false,
  ]);
});
