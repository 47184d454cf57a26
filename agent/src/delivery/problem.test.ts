import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { KubeError, type KubeStatus } from '../kube/kube-error.ts';
import { isImmutable, isNamespaceMissing, problemOf } from './problem.ts';

const configMap: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
const subject = { verb: 'patch', resource: 'deployments.apps', namespace: 'shop', name: 'web' };
const refusal = (code: number, status: KubeStatus = {}) =>
  new KubeError(code, { message: 'as told', ...status }, subject);
const problem = (code: number, status: KubeStatus = {}) => problemOf(refusal(code, status), configMap);

it.each([0, 401, 429, 500, 503])('tries again soon after %i', (code) => {
  expect(problem(code)).toMatchObject({ code: 'UNREACHABLE', sync: 'SYNCING' });
});

it.each([400, 405, 413, 422])('shows %i as refused at once', (code) => {
  expect(problem(code)).toMatchObject({ code: 'INVALID', sync: 'FAILED' });
});

it('names verb, resource and rule where a right is missing', () => {
  const message =
    'deployments.apps "web" is forbidden: User "agent" cannot patch resource "deployments" in API group "apps"';
  const { code, message: told } = problem(403, { message });
  expect(code).toBe('FORBIDDEN');
  expect(told).toContain('may not patch deployments.apps in namespace shop');
  expect(told).toContain(
    '{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create", "patch"]}',
  );
});

it('says whose rights are missing where an application names a ServiceAccount', () => {
  const user = 'system:serviceaccount:shop:deployer';
  const message = `deployments.apps "web" is forbidden: User "${user}" cannot patch resource "deployments"`;
  expect(problemOf(new KubeError(403, { message }, { ...subject, user }), configMap).message).toBe(
    `FORBIDDEN: ${user} may not patch deployments.apps in namespace shop; ` +
      'add to its role: {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create", "patch"]}',
  );
});

it.each(['impersonate', 'impersonate:serviceaccount'])(
  "knows a missing right to %s for the agent's",
  (verb) => {
    const message = `serviceaccounts "deployer" is forbidden: User "agent" cannot ${verb} resource "serviceaccounts"`;
    const asTeam = { ...subject, user: 'system:serviceaccount:shop:deployer' };
    expect(problemOf(new KubeError(403, { message }, asTeam), configMap).message).toBe(
      'FORBIDDEN: the agent may not impersonate serviceaccounts in namespace shop; ' +
        'add to its role: {"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]}',
    );
  },
);

it('asks for list and watch together, as for create and patch', () => {
  const list = { verb: 'list', resource: 'services' };
  const refused = new KubeError(403, { message: 'User "agent" cannot list resource "services"' }, list);
  expect(problemOf(refused, configMap).message).toContain('"verbs": ["list", "watch"]');
});

it('does not take an admission refusal for a missing right', () => {
  expect(problem(403, { message: 'exceeded quota: compute' })).toMatchObject({
    code: 'REFUSED',
    sync: 'FAILED',
  });
});

it('waits for a namespace that is missing or on its way out', () => {
  const causes = [{ reason: 'NamespaceTerminating' }];
  expect(problem(403, { details: { causes } })).toMatchObject({ code: 'NAMESPACE_MISSING', sync: 'SYNCING' });
  expect(problem(404, { details: { kind: 'namespaces' } })).toMatchObject({
    code: 'NAMESPACE_MISSING',
    sync: 'SYNCING',
  });
  expect(isNamespaceMissing(refusal(404, { details: { kind: 'deployments' } }))).toBe(false);
});

it('asks for an adoption where others own the fields', () => {
  const causes = [
    { reason: 'FieldManagerConflict', message: 'conflict with "kubectl"', field: '.spec.replicas' },
  ];
  const { code, sync, message } = problem(409, { details: { causes } });
  expect([code, sync]).toEqual(['ADOPTION_NEEDED', 'OUT_OF_SYNC']);
  expect(message).toMatch(/^ADOPTION_NEEDED: .*\.spec\.replicas .*kubectl.*adopt/);
});

it.each([
  'Deployment.apps "web" is invalid: spec.selector: Invalid value: {}: field is immutable',
  'StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\' are forbidden',
  'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["x"]: may not change once set',
])('knows that this can never change: %s', (message) => {
  expect(isImmutable(refusal(422, { message }))).toBe(true);
  expect(problem(422, { message }).code).toBe('IMMUTABLE');
});

it('hides secret values in what the API server quotes', () => {
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's' },
    data: { key: 'aHVudGVyMg==' },
  };
  const { message } = problemOf(refusal(422, { message: 'bad value "hunter2" (aHVudGVyMg==)' }), secret);
  expect(message).not.toMatch(/hunter2|aHVudGVy/);
});
