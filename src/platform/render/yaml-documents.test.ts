import { describe, expect, it } from 'vitest';
import { yamlDocuments } from './yaml-documents.ts';

const only = (text: string) => yamlDocuments(text, 'a.yaml').map(({ value }) => value);

describe('YAML as Kubernetes reads it', () => {
  it('gives each document with the line where it begins', () => {
    expect(yamlDocuments('# top\na: 1\n---\n---\n\nb: 2\n', 'dir/a.yaml')).toEqual([
      { value: { a: 1 }, origin: 'dir/a.yaml:2' },
      { value: { b: 2 }, origin: 'dir/a.yaml:6' },
    ]);
  });

  it('reads octal modes and the old booleans like kubectl', () => {
    expect(only('mode: 0644\nnew: 0o17\nyes: on\nword: "yes"\nport: 22:22\nday: 2026-01-31\n')).toEqual([
      { mode: 420, new: 15, true: true, word: 'yes', port: '22:22', day: '2026-01-31' },
    ]);
  });

  it('merges anchors', () => {
    expect(only('base: &b {x: 1}\nuse:\n  <<: *b\n  z: 2\n')).toEqual([
      { base: { x: 1 }, use: { x: 1, z: 2 } },
    ]);
  });

  it('reads JSON', () => expect(only('{"a": [1, true, null]}')).toEqual([{ a: [1, true, null] }]));

  it.each([
    ['a: 1\nb: [1\n', 'YAML_INVALID', /^a\.yaml:\d is not valid YAML/],
    ['a: 1\na: 2\n', 'YAML_INVALID', /^a\.yaml:2 is not valid YAML: Map keys must be unique/],
    ['a:\n\t- b\n', 'YAML_INVALID', /^a\.yaml:2/],
  ])('names file and line of %j', (text, code, message) => {
    expect(() => only(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses aliases that grow without end', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`);
    expect(() => only(lines.join('\n'))).toThrow(expect.objectContaining({ code: 'YAML_INVALID' }));
  });
});
