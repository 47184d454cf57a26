// Refusals: codes, reasons and words by which an agent decides what to do, and which people read.
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import { configMap, deployment, service, versionOf } from './contract-case.ts';

const cause = (reason: string, field: string, message: unknown) => ({ reason, field, message });

export const refusalCases: readonly ContractCase[] = [
  {
    name: 'an absent object is 404 with name and plural',
    run: async (on) => {
      const { status, body } = await on.get('apps/v1/deployments/nope');
      expect(status).toBe(404);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'deployments.apps "nope" not found',
        reason: 'NotFound',
        details: { name: 'nope', group: 'apps', kind: 'deployments' },
        code: 404,
      });
    },
  },
  {
    name: 'creating in an absent namespace is 404 for the namespace',
    run: async (on) => {
      const path = '/api/v1/namespaces/not-there/configmaps';
      for (const reply of [
        await on.client.send('POST', path, configMap('a')),
        await on.client.send('PATCH', `${path}/a?fieldManager=x`, configMap('a'), {
          type: 'application/apply-patch+yaml',
        }),
      ]) {
        expect(reply).toMatchObject({
          status: 404,
          body: { reason: 'NotFound', details: { name: 'not-there', kind: 'namespaces' } },
        });
      }
    },
  },
  {
    name: 'a group that is not served is 404 in plain text',
    run: async (on) => {
      const { status, contentType } = await on.client.send('GET', '/apis/not-there.example.com/v1/things');
      expect(status).toBe(404);
      expect(contentType).toContain('text/plain');
    },
  },
  {
    name: 'a kind that a served group does not have is 404 as a Status',
    run: async (on) => {
      const { status, body } = await on.get('apps/v1/things');
      expect(status).toBe(404);
      expect(body).toMatchObject({
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
      });
    },
  },
  {
    name: 'creating what is there already is 409 AlreadyExists',
    run: async (on) => {
      await on.create('configmaps', configMap('a'));
      const { status, body } = await on.create('configmaps', configMap('a'));
      expect(status).toBe(409);
      expect(body).toMatchObject({ reason: 'AlreadyExists', message: 'configmaps "a" already exists' });
    },
  },
  {
    name: 'a replacement with a stale resourceVersion is 409 Conflict',
    run: async (on) => {
      const { body: stored } = await on.create('configmaps', configMap('a'));
      await on.merge('configmaps/a', { data: { b: '1' } });
      const { status, body } = await on.put('configmaps/a', stored);
      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
        details: { name: 'a', kind: 'configmaps' },
      });
    },
  },
  {
    name: 'an unchanged replacement keeps resourceVersion',
    run: async (on) => {
      const { body: stored } = await on.create('configmaps', configMap('a'));
      const { body } = await on.put('configmaps/a', stored);
      expect(versionOf(body)).toBe(versionOf(stored));
    },
  },
  {
    name: 'a body of another kind than its address is a bad request',
    run: async (on) => {
      const reply = await on.create('configmaps', service('a', [{ port: 80 }]));
      expect(reply).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    },
  },
  {
    name: 'a body for another namespace than its address is a bad request',
    run: async (on) => {
      const reply = await on.create('configmaps', configMap('a', {}, { namespace: 'elsewhere' }));
      expect(reply).toMatchObject({
        status: 400,
        body: {
          message: 'the namespace of the provided object does not match the namespace sent on the request',
        },
      });
    },
  },
  {
    name: 'a name that is no name is 422 with the field',
    run: async (on) => {
      const reply = await on.create('configmaps', configMap('NOT_a_name'));
      expect(reply).toMatchObject({
        status: 422,
        body: {
          reason: 'Invalid',
          details: {
            kind: 'ConfigMap',
            causes: [cause('FieldValueInvalid', 'metadata.name', expect.any(String))],
          },
        },
      });
      expect(reply.body['message']).toMatch(
        /^ConfigMap "NOT_a_name" is invalid: metadata\.name: Invalid value: /,
      );
    },
  },
  {
    name: 'several ports without names are 422 with a cause for each',
    run: async (on) => {
      const { status, body } = await on.create('services', service('web', [{ port: 80 }, { port: 81 }]));
      expect(status).toBe(422);
      expect(body).toMatchObject({
        message:
          'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
        details: {
          name: 'web',
          kind: 'Service',
          causes: [
            cause('FieldValueRequired', 'spec.ports[0].name', 'Required value'),
            cause('FieldValueRequired', 'spec.ports[1].name', 'Required value'),
          ],
        },
      });
    },
  },
  {
    name: 'a selector that does not match the template’s labels is 422',
    run: async (on) => {
      const reply = await on.apply(
        'apps/v1/deployments/web',
        deployment('web', { selector: { matchLabels: { app: 'x' } } }),
      );
      expect(reply).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('`selector` does not match template `labels`') },
      });
    },
  },
  {
    name: 'a container without an image is 422',
    run: async (on) => {
      const reply = await on.apply('apps/v1/deployments/web', deployment('web', {}, { image: '' }));
      expect(reply).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec.template.spec.containers[0].image: Required value') },
      });
    },
  },
  {
    name: 'the selector of a Deployment is immutable',
    run: async (on) => {
      await on.applied('apps/v1/deployments/web', deployment('web', { replicas: 0 }));
      const labels = { app: 'other' };
      const { containers } = { containers: [{ name: 'web', image: 'registry.example/web:1' }] };
      const changed = {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      };
      const { status, body } = await on.apply(
        'apps/v1/deployments/web',
        deployment('web', { replicas: 0, ...changed }),
      );
      expect(status).toBe(422);
      expect(body['message']).toBe(
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      );
    },
  },
  {
    name: 'the address of a Service is immutable',
    run: async (on) => {
      await on.create('services', service('web', [{ port: 80 }]));
      const { status, body } = await on.merge('services/web', { spec: { clusterIP: '10.0.99.99' } });
      expect(status).toBe(422);
      expect(body['message']).toBe(
        'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.99.99"]: may not change once set',
      );
    },
  },
  {
    name: 'an immutable ConfigMap refuses a change of its data',
    run: async (on) => {
      await on.create('configmaps', configMap('a', { data: { a: '1' }, immutable: true }));
      const { status, body } = await on.merge('configmaps/a', { data: { a: '2' } });
      expect(status).toBe(422);
      expect(body['message']).toBe(
        'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      );
    },
  },
  {
    name: 'the type of a Secret is immutable',
    run: async (on) => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque', data: {} };
      await on.create('secrets', secret);
      const reply = await on.merge('secrets/s', { type: 'example.com/other' });
      expect(reply).toMatchObject({
        status: 422,
        body: {
          message: 'Secret "s" is invalid: type: Invalid value: "example.com/other": field is immutable',
        },
      });
    },
  },
  {
    name: 'the template of a Job is immutable',
    run: async (on) => {
      const job = (image: string) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'j' },
        spec: {
          suspend: true,
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } },
        },
      });
      await on.applied('batch/v1/jobs/j', job('a:1'));
      const { status, body } = await on.apply('batch/v1/jobs/j', job('a:2'));
      expect(status).toBe(422);
      expect(body['message']).toMatch(
        /^Job\.batch "j" is invalid: spec\.template(\.spec)?: Invalid value: .*: field is immutable$/,
      );
    },
  },
  {
    name: 'the spec of a claim is immutable, save for what it requests',
    run: async (on) => {
      const claim = (accessMode: string) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          accessModes: [accessMode],
          storageClassName: 'none',
          resources: { requests: { storage: '1Gi' } },
        },
      });
      await on.applied('persistentvolumeclaims/data', claim('ReadWriteOnce'));
      const reply = await on.apply('persistentvolumeclaims/data', claim('ReadWriteMany'));
      expect(reply).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec: Forbidden: spec is immutable after creation') },
      });
    },
  },
  {
    name: 'a wrong token is 401, and none at all is 403 for the anonymous user',
    run: async (on) => {
      const path = on.path('configmaps');
      const wrong = await on.client.send('GET', path, undefined, { token: 'wrong-token' });
      expect(wrong).toMatchObject({
        status: 401,
        body: { reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
      });
      const none = await on.client.send('GET', path, undefined, { token: null });
      expect(none).toMatchObject({
        status: 403,
        body: { reason: 'Forbidden', details: { kind: 'configmaps' } },
      });
      expect(none.body['message']).toBe(
        `configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the namespace "${on.namespace}"`,
      );
    },
  },
  {
    name: 'health and version need no token',
    run: async (on) => {
      for (const path of ['/healthz', '/readyz', '/livez']) {
        expect(await on.client.send('GET', path, undefined, { token: null })).toMatchObject({
          status: 200,
          text: 'ok',
        });
      }
      const { body } = await on.client.send('GET', '/version', undefined, { token: null });
      expect(body).toMatchObject({ major: '1', minor: '36', gitVersion: expect.stringMatching(/^v1\.36\./) });
    },
  },
  {
    name: 'a patch of an unknown type is 415, and of a whole collection 405',
    run: async (on) => {
      await on.create('configmaps', configMap('a'));
      const path = on.path('configmaps/a');
      expect(await on.client.send('PATCH', path, {}, { type: 'application/json' })).toMatchObject({
        status: 415,
      });
      const merge = { type: 'application/merge-patch+json' };
      expect(await on.client.send('PATCH', on.path('configmaps'), {}, merge)).toMatchObject({ status: 405 });
    },
  },
  {
    name: 'whoever asks whether it may do something is answered',
    run: async (on) => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'create', resource: 'pods', namespace: on.namespace } },
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      expect(await on.client.send('POST', path, review)).toMatchObject({
        status: 201,
        body: { status: { allowed: true } },
      });
    },
  },
  {
    name: 'somebody without rights is refused, with verb, resource and namespace in the message',
    run: async (on) => {
      const path = on.path('configmaps');
      const { status, body } = await on.client.send('POST', path, configMap('a'), { impersonate: 'nobody' });
      expect(status).toBe(403);
      expect(body['message']).toBe(
        `configmaps is forbidden: User "nobody" cannot create resource "configmaps" in API group "" in the namespace "${on.namespace}"`,
      );
    },
  },
  {
    name: 'strict validation refuses a field that the kind does not have',
    run: async (on) => {
      const wrong = configMap('a', { dataa: { a: '1' } });
      const { status } = await on.apply('configmaps/a', wrong, { query: '&fieldValidation=Strict' });
      expect(status).toBeGreaterThanOrEqual(400);
      expect((await on.get('configmaps/a')).status).toBe(404);
    },
  },
  {
    name: 'a value of the wrong type is refused',
    run: async (on) => {
      const { status } = await on.create('apps/v1/deployments', deployment('web', { replicas: 'three' }));
      expect(status).toBe(400);
    },
  },
];
