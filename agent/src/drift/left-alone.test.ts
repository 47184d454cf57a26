import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { controllerFields } from './controller-fields.ts';
import { exceptedFields } from './exceptions.ts';
import { parsePath, pathText } from './field-path.ts';
import { ignoredFields } from './ignore-rules.ts';
import { bodyOf, type FieldRule } from './left-alone.ts';
import type { FieldTree, ManagedFieldsEntry } from './managed-fields.ts';

const IMAGE = 'spec.template.spec.containers[name=web].image';
const desired: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { name: 'web', image: 'a' },
          { name: 'log', image: 'b' },
        ],
      },
    },
  },
};
const live = (spec: object, ...managedFields: ManagedFieldsEntry[]): KubernetesObject => ({
  ...desired,
  metadata: { ...desired.metadata, managedFields },
  spec,
});
const ours = (fieldsV1: FieldTree): ManagedFieldsEntry => ({
  manager: 'fairlead',
  operation: 'Apply',
  fieldsV1,
});
const REPLICAS: FieldTree = { 'f:spec': { 'f:replicas': {} } };
const scaledBy = (manager: string): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  subresource: 'scale',
  fieldsV1: REPLICAS,
});
const imageBy = (manager: string): ManagedFieldsEntry => {
  const item = { 'k:{"name":"web"}': { 'f:image': {} } };
  const template = { 'f:template': { 'f:spec': { 'f:containers': item } } };
  return { manager, operation: 'Update', fieldsV1: { 'f:spec': template } };
};
const five = { replicas: 5 };
const leftOut = (rules: readonly FieldRule[], now: KubernetesObject) =>
  bodyOf(desired, now, rules).leftOut.map(({ steps, because }) => [pathText(steps), because.kind]);
const exception = (more: object) => ({ id: 'e', until: '2026-01-01T00:00:00Z', ...more });

it('leaves an ignored field out only while another owns it, or it would be removed', () => {
  const rules = ignoredFields([{ path: 'spec.replicas' }]);
  expect(leftOut(rules, live(five, ours(REPLICAS)))).toEqual([]);
  expect(leftOut(rules, live(five, scaledBy('someone')))).toEqual([['spec.replicas', 'IGNORED']]);
  expect(bodyOf(desired, undefined, rules).object).toEqual(desired);
});

it('leaves out exactly the items that another owns, whatever a pattern could mean', () => {
  const rules = ignoredFields([{ path: 'spec.template.spec.containers[*].image' }]);
  const { object } = bodyOf(desired, live({}, imageBy('updater')), rules);
  expect(object['spec']).toEqual({
    replicas: 2,
    template: { spec: { containers: [{ name: 'web' }, { name: 'log', image: 'b' }] } },
  });
});

it('heeds the manager of a rule, with a path and without', () => {
  const now = live({}, imageBy('updater'), scaledBy('kubectl'));
  expect(leftOut(ignoredFields([{ path: IMAGE, manager: 'other' }]), now)).toEqual([]);
  expect(leftOut(ignoredFields([{ manager: 'updater' }]), now)).toEqual([[IMAGE, 'IGNORED']]);
});

it('leaves replicas to an autoscaler without any rule, and to a person only where an autoscaler targets them', () => {
  const [byController, byPerson] = [
    live(five, scaledBy('kube-controller-manager')),
    live(five, scaledBy('kubectl')),
  ];
  expect(leftOut(controllerFields(byController, false), byController)).toHaveLength(1);
  expect(leftOut(controllerFields(byPerson, false), byPerson)).toEqual([]);
  expect(leftOut(controllerFields(byPerson, true), byPerson)).toHaveLength(1);
});

it('leaves an authority to the controller that injects it, and not to a person', () => {
  const webhook = (caBundle: string, manager: string): KubernetesObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: 'w',
      managedFields: [
        {
          manager,
          operation: 'Update',
          fieldsV1: { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } },
        },
      ],
    },
    webhooks: [{ name: 'a', clientConfig: { caBundle } }],
  });
  const count = (manager: string) => {
    const now = webhook('theirs', manager);
    return bodyOf(webhook('ours', ''), now, controllerFields(now, false)).leftOut.length;
  };
  expect([count('cert-manager-cainjector'), count('kubectl-edit')]).toEqual([1, 0]);
});

it('sends the live value of an accepted field that is ours, since it would be removed otherwise', () => {
  const rules = exceptedFields([exception({ path: 'spec.replicas' })], []);
  expect(bodyOf(desired, live(five, ours(REPLICAS)), rules).object['spec']).toMatchObject({ replicas: 5 });
  expect(leftOut(rules, live(five, scaledBy('kubectl')))).toEqual([['spec.replicas', 'EXCEPTED']]);
});

it('accepts that a field is away only where somebody had seen that', () => {
  const steps = parsePath('spec.replicas') ?? [];
  const given = [exception({})];
  expect(leftOut(exceptedFields(given, []), live({}))).toEqual([]);
  expect(leftOut(exceptedFields(given, [{ steps }]), live({}))).toEqual([['spec.replicas', 'EXCEPTED']]);
  expect(leftOut(exceptedFields(given, [{ steps }]), live({}, ours(REPLICAS)))).toEqual([]);
});

it('leaves replicas that somebody scaled to nothing, which nobody owns then, where a rule speaks of them', () => {
  const scaledToNothing = live({ replicas: 0 }, imageBy('updater'));
  const steps = parsePath('spec.replicas') ?? [];
  const rules: readonly (readonly FieldRule[])[] = [
    ignoredFields([{ path: 'spec.replicas' }]),
    exceptedFields([exception({ path: 'spec.replicas' })], []),
    exceptedFields([exception({})], [{ steps }]),
    controllerFields(scaledToNothing, true),
  ];
  const isLeft = (each: readonly FieldRule[], now = scaledToNothing): boolean =>
    leftOut(each, now).some(([path]) => path === 'spec.replicas');
  expect(rules.map((each) => isLeft(each))).toEqual([true, true, true, true]);
  const others: readonly (readonly FieldRule[])[] = [
    ignoredFields([{ path: 'spec.replicas', manager: 'keda' }]),
    exceptedFields([exception({ path: 'spec.replicas', manager: 'kubectl' })], []),
    exceptedFields([exception({})], []),
    controllerFields(scaledToNothing, false),
  ];
  expect(others.map((each) => isLeft(each))).toEqual([false, false, false, false]);
  const own = live({ replicas: 0 }, ours(REPLICAS));
  expect(rules.map((each) => isLeft(each, own))).toEqual([false, false, false, false]);
});
