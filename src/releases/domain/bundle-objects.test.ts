import { describe, expect, it } from 'vitest';
import { bundleObjects, isObjectFault, type OriginDocument } from './bundle-objects.ts';

const doc = (value: unknown, origin = 'a.yaml:1'): OriginDocument => ({ value, origin });
const configMap = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
});

function objects(...documents: OriginDocument[]) {
  const result = bundleObjects(documents, 'shop');
  if (isObjectFault(result)) throw new Error(`${result.code} ${result.message}`);
  return result;
}

describe('the objects of a bundle', () => {
  it('come out of lists of any depth', () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [configMap('a'), { kind: 'List', apiVersion: 'v1', items: [configMap('b')] }],
    };
    const typed = { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata: { name: 'c' } }] };
    expect(
      objects(doc(list), doc(typed)).map(({ apiVersion, kind, metadata }) => [
        apiVersion,
        kind,
        metadata.name,
      ]),
    ).toEqual([
      ['v1', 'ConfigMap', 'a'],
      ['v1', 'ConfigMap', 'b'],
      ['apps/v1', 'Deployment', 'c'],
    ]);
    expect(objects(doc({ apiVersion: 'x.io/v1', kind: 'AccessList', metadata: { name: 'd' } }))).toHaveLength(
      1,
    );
  });

  it('lose what the API server owns, and keep their namespace', () => {
    const metadata = {
      name: 'a',
      namespace: 'other',
      creationTimestamp: null,
      managedFields: [],
      resourceVersion: '1',
      labels: { x: 'y' },
    };
    expect(objects(doc({ apiVersion: 'v1', kind: 'ConfigMap', metadata, status: {} }))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace: 'other', labels: { x: 'y' } },
      },
    ]);
  });

  it('have Secrets with data alone', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'eA==', b: 'eQ==' },
      stringData: { b: 'grün' },
    };
    expect(objects(doc(secret))[0]).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'eA==', b: Buffer.from('grün').toString('base64') },
    });
  });

  it('must not have one name twice, also where one of them leaves the namespace out', () => {
    const other = configMap('a', { metadata: { name: 'a', namespace: 'shop' } });
    expect(bundleObjects([doc(configMap('a')), doc(other, 'b.yaml:9')], 'shop')).toEqual({
      code: 'DUPLICATE_OBJECT',
      message: 'ConfigMap/shop/a is in a.yaml:1 and again in b.yaml:9: remove one of them.',
    });
    expect(
      objects(doc(configMap('a')), doc(configMap('a', { metadata: { name: 'a', namespace: 'x' } }))),
    ).toHaveLength(2);
  });

  it.each([
    ['text', 'no Kubernetes object'],
    [{ apiVersion: 'v1', metadata: { name: 'a' } }, 'no kind'],
    [{ kind: 'ConfigMap', metadata: { name: 'a' } }, 'no apiVersion'],
    [{ apiVersion: 'v1', kind: 'ConfigMap' }, 'no metadata.name'],
    [configMap('a', { metadata: { name: false } }), 'metadata.name that is not a text'],
    [configMap('a', { metadata: { name: 'a', labels: { x: 1 } } }), 'metadata.labels.x is not a text'],
    [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { pin: 4711 } },
      'stringData.pin',
    ],
  ])('%j is refused with its file', (value, reason) => {
    const result = bundleObjects([doc(value)], 'shop');
    expect(result).toMatchObject({ code: 'OBJECT_INVALID', message: expect.stringContaining('a.yaml:1: ') });
    expect(result).toMatchObject({ message: expect.stringContaining(reason) });
    expect(JSON.stringify(result)).not.toContain('4711');
  });

  it('may be none', () => expect(objects()).toEqual([]));
});
