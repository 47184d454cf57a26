import { describe, expect, it } from 'vitest';
import { isRemote, kustomizationReferences } from './kustomization-references.ts';

describe('what a kustomization refers to', () => {
  it('names folders and files of every field', () => {
    const found = kustomizationReferences({
      resources: ['../../base', 'web.yaml'],
      bases: ['../old'],
      components: ['../../components/tls'],
      crds: ['crd.json'],
      configurations: ['names.yaml'],
      openapi: { path: 'schema.json' },
      patches: [{ path: 'p.yaml' }, { patch: '- op: add' }],
      patchesStrategicMerge: ['s.yaml', 'kind: Deployment\nspec: {}'],
      patchesJson6902: [{ target: {}, path: 'j.yaml' }],
      replacements: [{ path: 'r.yaml' }, { source: {} }],
      configMapGenerator: [{ name: 'a', files: ['a.ini', 'key=b.ini'], envs: ['c.env'], env: 'd.env' }],
      secretGenerator: [{ name: 's', files: ['tls.crt'], literals: ['a=b'] }],
    });
    expect(found.entries).toEqual(['../../base', 'web.yaml', '../old', '../../components/tls']);
    expect([...found.files].sort()).toEqual(
      'a.ini b.ini c.env crd.json d.env j.yaml names.yaml p.yaml r.yaml s.yaml schema.json tls.crt'.split(
        ' ',
      ),
    );
    expect(found.open).toBe(false);
  });

  it('says that everything may be read where plug-ins have files of their own', () => {
    expect(kustomizationReferences({ transformers: ['labels.yaml'] })).toMatchObject({
      entries: ['labels.yaml'],
      open: true,
    });
    expect(kustomizationReferences({ transformers: ['kind: LabelTransformer\nmetadata: {}'] }).open).toBe(
      false,
    );
  });

  it.each([undefined, null, 'text', [], { resources: 'text', patches: [1], configMapGenerator: {} }])(
    'finds nothing in %j',
    (value) => expect(kustomizationReferences(value)).toEqual({ entries: [], files: [], open: false }),
  );

  it.each([
    'https://github.com/o/r//base?ref=v1',
    'git@github.com:o/r.git',
    'github.com/o/r/base',
    'ssh://git@h/r',
    'h.example/o/r.git//base',
  ])('knows that %s is remote', (name) => expect(isRemote(name)).toBe(true));

  it.each(['../../base', 'web.yaml', 'dir/sub'])('knows that %s is local', (name) => {
    expect(isRemote(name)).toBe(false);
  });
});
