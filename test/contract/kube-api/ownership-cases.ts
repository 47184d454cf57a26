// Several managers on one object: conflicts, taking over, and how managedFields tell who changed what. Attribution
// of drift is read from here.
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.ts';
import {
  configMap,
  containerOf,
  deployment,
  entryOf,
  metadataOf,
  ownedBy,
  service,
  versionOf,
} from './contract-case.ts';

const DEPLOYMENT = 'apps/v1/deployments/web';
const web = (replicas: number) => deployment('web', { replicas });

export const ownershipCases: readonly ContractCase[] = [
  {
    name: 'a conflict with one field names the manager and the field',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a'));
      const { status, body } = await on.apply('configmaps/a', configMap('a', { data: { a: '2' } }), {
        manager: 'other',
      });
      expect(status).toBe(409);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Apply failed with 1 conflict: conflict with "fairlead": .data.a',
        reason: 'Conflict',
        details: {
          causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "fairlead"', field: '.data.a' }],
        },
        code: 409,
      });
      expect(await on.read('configmaps/a')).toMatchObject({ data: { a: '1' } });
    },
  },
  {
    name: 'several conflicts are grouped by manager, paths of list entries by their keys',
    run: async (on) => {
      await on.applied(DEPLOYMENT, web(0));
      await on.applied(DEPLOYMENT, { ...deployment('web'), spec: { replicas: 0 } }, { manager: 'second' });
      const { body } = await on.apply(DEPLOYMENT, deployment('web', { replicas: 1 }, { image: 'x' }), {
        manager: 'third',
      });
      expect(body['message']).toBe(
        [
          'Apply failed with 3 conflicts: conflicts with "fairlead":',
          '- .spec.replicas',
          '- .spec.template.spec.containers[name="web"].image',
          'conflicts with "second":',
          '- .spec.replicas',
        ].join('\n'),
      );
    },
  },
  {
    name: 'a conflict with an ordinary write names its API version',
    run: async (on) => {
      await on.create('configmaps', configMap('a'), 'kubectl-create/v1');
      const { body } = await on.apply('configmaps/a', configMap('a', { data: { a: '2' } }));
      expect(body['message']).toBe(
        'Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.a',
      );
    },
  },
  {
    name: 'force takes the fields over, and the other manager loses them',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '1' } }), { manager: 'other' });
      const body = await on.applied('configmaps/a', configMap('a', { data: { a: '2' } }), { force: true });
      expect(body).toMatchObject({ data: { a: '2', b: '1' } });
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:a': {} } });
      expect(ownedBy(body, 'other')).toEqual({ 'f:data': { 'f:b': {} } });
    },
  },
  {
    name: 'equal values are owned together without a conflict',
    run: async (on) => {
      const first = await on.applied('configmaps/a', configMap('a'));
      const both = await on.applied('configmaps/a', configMap('a'), { manager: 'other' });
      expect(ownedBy(both, 'fairlead')).toEqual(ownedBy(both, 'other'));
      expect(entryOf(both, 'fairlead')).toEqual(entryOf(first, 'fairlead'));
      expect(entryOf(both, 'other')).not.toHaveProperty('time');
    },
  },
  {
    name: 'what two managers apply stays when one lets it go',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a'));
      await on.applied('configmaps/a', configMap('a'), { manager: 'other' });
      const body = await on.applied('configmaps/a', configMap('a', {}));
      expect(body).toMatchObject({ data: { a: '1' } });
      expect(ownedBy(body, 'fairlead')).toBeUndefined();
    },
  },
  {
    name: 'another manager’s merge patch takes the field out of the entry and is named with a time',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '1' } }));
      const { body } = await on.merge('configmaps/a', { data: { a: '2' } });
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:b': {} } });
      expect(entryOf(body, 'kubectl-edit', 'Update')).toMatchObject({
        apiVersion: 'v1',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      });
    },
  },
  {
    name: 'setting an image by strategic merge patch names that container’s image alone',
    run: async (on) => {
      await on.applied(DEPLOYMENT, web(0));
      const containers = [{ name: 'web', image: 'registry.example/web:9' }];
      const { body } = await on.strategic(DEPLOYMENT, { spec: { template: { spec: { containers } } } });
      expect(entryOf(body, 'kubectl-set', 'Update')?.['fieldsV1']).toEqual({
        'f:spec': {
          'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
        },
      });
      expect(JSON.stringify(ownedBy(body, 'fairlead'))).not.toContain('f:image');
    },
  },
  {
    name: 'a replacement by PUT takes what it changes and nothing else',
    run: async (on) => {
      const stored = await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '1' } }));
      const { status, body } = await on.put('configmaps/a', { ...stored, data: { a: '2', b: '1' } });
      expect(status).toBe(200);
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:b': {} } });
      expect(entryOf(body, 'contract', 'Update')?.['fieldsV1']).toEqual({ 'f:data': { 'f:a': {} } });
    },
  },
  {
    name: 'a removed field leaves the entry and nobody is named for it',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '1' } }));
      const { body } = await on.jsonPatch('configmaps/a', [{ op: 'remove', path: '/data/a' }]);
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:b': {} } });
      expect(entryOf(body, 'patcher', 'Update')).toBeUndefined();
    },
  },
  {
    name: 'fields that others add change nothing in our entry',
    run: async (on) => {
      const before = await on.applied(DEPLOYMENT, web(0));
      const { body } = await on.strategic(DEPLOYMENT, {
        metadata: { annotations: { note: 'mine' } },
        spec: { template: { spec: { containers: [{ name: 'extra', image: 'x:1' }] } } },
      });
      expect(entryOf(body, 'fairlead')).toEqual(entryOf(before, 'fairlead'));
      expect(entryOf(body, 'kubectl-set', 'Update')?.['fieldsV1']).toMatchObject({
        'f:metadata': { 'f:annotations': { 'f:note': {} } },
        'f:spec': {
          'f:template': {
            'f:spec': { 'f:containers': { 'k:{"name":"extra"}': { '.': {}, 'f:image': {} } } },
          },
        },
      });
    },
  },
  {
    name: 'a write through the scale subresource takes replicas, under the subresource’s name and without a time',
    run: async (on) => {
      await on.applied(DEPLOYMENT, web(0));
      const scale = await on.merge(`${DEPLOYMENT}/scale`, { spec: { replicas: 1 } }, 'kubectl');
      expect(scale.body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: { replicas: 1 },
      });
      const body = await on.read(DEPLOYMENT);
      expect(entryOf(body, 'kubectl', 'Update', 'scale')).toEqual({
        manager: 'kubectl',
        operation: 'Update',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
        subresource: 'scale',
      });
      expect(ownedBy(body, 'fairlead')).not.toHaveProperty(['f:spec', 'f:replicas']);
      const { body: conflict } = await on.apply(DEPLOYMENT, web(0));
      expect(conflict['message']).toBe(
        'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
      );
      const healed = await on.applied(DEPLOYMENT, web(0), { force: true });
      expect(healed).toMatchObject({ spec: { replicas: 0 } });
      expect(entryOf(healed, 'kubectl', 'Update', 'scale')).toBeUndefined();
    },
  },
  {
    name: 'a scale to zero takes replicas from us and keeps nobody’s name',
    run: async (on) => {
      const before = await on.applied(DEPLOYMENT, web(2));
      expect(ownedBy(before, 'fairlead')).toHaveProperty(['f:spec', 'f:replicas']);
      await on.merge(`${DEPLOYMENT}/scale`, { spec: { replicas: 0 } }, 'kubectl');
      const body = await on.read(DEPLOYMENT);
      expect(body).toMatchObject({ spec: { replicas: 0 } });
      expect(ownedBy(body, 'fairlead')).not.toHaveProperty(['f:spec', 'f:replicas']);
      expect(entryOf(body, 'kubectl', 'Update', 'scale')).toBeUndefined();
    },
  },
  {
    name: 'without a field manager a writer is named by its user agent',
    run: async (on) => {
      const { body } = await on.create('configmaps', configMap('a'), 'some-tool/v3 (linux)');
      expect(entryOf(body, 'some-tool', 'Update')?.['fieldsV1']).toEqual({
        'f:data': { '.': {}, 'f:a': {} },
      });
    },
  },
  {
    name: 'a Deployment that was created owns its defaults as its creator’s',
    run: async (on) => {
      const { body } = await on.create('apps/v1/deployments', web(0), 'creator/1');
      expect(entryOf(body, 'creator', 'Update')?.['fieldsV1']).toEqual({
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        'f:spec': {
          'f:progressDeadlineSeconds': {},
          'f:replicas': {},
          'f:revisionHistoryLimit': {},
          'f:selector': {},
          'f:strategy': {
            'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} },
            'f:type': {},
          },
          'f:template': {
            'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"web"}': {
                  '.': {},
                  'f:image': {},
                  'f:imagePullPolicy': {},
                  'f:name': {},
                  'f:resources': {},
                  'f:terminationMessagePath': {},
                  'f:terminationMessagePolicy': {},
                },
              },
              'f:dnsPolicy': {},
              'f:restartPolicy': {},
              'f:schedulerName': {},
              'f:securityContext': {},
              'f:terminationGracePeriodSeconds': {},
            },
          },
        },
      });
    },
  },
  {
    name: 'entries that were cleared come back by the next apply, and the rest belongs to before-first-apply',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '1' } }));
      const { body: cleared } = await on.jsonPatch('configmaps/a', [
        { op: 'replace', path: '/metadata/managedFields', value: [{}] },
      ]);
      expect(metadataOf(cleared)).not.toHaveProperty('managedFields');
      const body = await on.applied('configmaps/a', configMap('a', { data: { a: '1' } }));
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:a': {} } });
      expect(entryOf(body, 'before-first-apply', 'Update')?.['fieldsV1']).toEqual({
        'f:data': { '.': {}, 'f:a': {}, 'f:b': {} },
      });
    },
  },
  {
    name: 'an entry of another manager can be moved into ours by a JSON patch guarded by resourceVersion',
    run: async (on) => {
      await on.applied('services/web', service('web', [{ port: 80 }]));
      const { body: changed } = await on.jsonPatch(
        'services/web',
        [{ op: 'replace', path: '/spec/ports', value: [{ port: 81 }] }],
        'kubectl-edit',
      );
      const refused = await on.apply('services/web', service('web', [{ port: 80 }]), { force: true });
      expect(refused).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec.ports[0].name: Required value') },
      });
      const ours = entryOf(changed, 'fairlead');
      const theirs = entryOf(changed, 'kubectl-edit', 'Update');
      const moved = {
        ...ours,
        fieldsV1: { 'f:spec': { 'f:selector': {}, ...specFields(theirs?.['fieldsV1']) } },
      };
      const patch = [
        { op: 'test', path: '/metadata/resourceVersion', value: versionOf(changed) },
        { op: 'replace', path: '/metadata/managedFields', value: [moved] },
      ];
      const { status } = await on.jsonPatch('services/web', patch, 'fairlead');
      expect(status).toBe(200);
      const healed = await on.applied('services/web', service('web', [{ port: 80 }]), { force: true });
      expect(healed).toMatchObject({ spec: { ports: [{ port: 80 }] } });
      expect(JSON.stringify(healed['spec'])).not.toContain('81');
    },
  },
  {
    name: 'a JSON patch whose test of resourceVersion fails writes nothing',
    run: async (on) => {
      const stored = await on.applied('configmaps/a', configMap('a'));
      await on.merge('configmaps/a', { data: { b: '1' } });
      const reply = await on.jsonPatch('configmaps/a', [
        { op: 'test', path: '/metadata/resourceVersion', value: versionOf(stored) },
        { op: 'replace', path: '/metadata/managedFields', value: [{}] },
      ]);
      expect(reply).toMatchObject({ status: 422, body: { kind: 'Status', reason: 'Invalid', code: 422 } });
      expect(ownedBy(await on.read('configmaps/a'), 'fairlead')).toEqual({ 'f:data': { 'f:a': {} } });
    },
  },
  {
    name: 'an owned value that was changed away and back is equal but no longer ours until applied again',
    run: async (on) => {
      await on.applied(DEPLOYMENT, web(0));
      for (const image of ['registry.example/web:9', 'registry.example/web:1']) {
        await on.strategic(DEPLOYMENT, {
          spec: { template: { spec: { containers: [{ name: 'web', image }] } } },
        });
      }
      const back = await on.read(DEPLOYMENT);
      expect(containerOf(back)['image']).toBe('registry.example/web:1');
      expect(JSON.stringify(ownedBy(back, 'fairlead'))).not.toContain('f:image');
      const again = await on.applied(DEPLOYMENT, web(0));
      expect(JSON.stringify(ownedBy(again, 'fairlead'))).toContain('f:image');
    },
  },
];

function specFields(fields: unknown): object {
  if (typeof fields !== 'object' || fields === null || !('f:spec' in fields)) return {};
  const spec = fields['f:spec'];
  return typeof spec === 'object' && spec !== null ? spec : {};
}
