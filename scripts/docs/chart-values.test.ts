import { expect, it } from 'vitest';
import { documentedValues, withChartValues } from './chart-values.ts';

const values = `# About the file, and about no value.

hub:
  # Where the hub is.
  # Always needed.
  url: ''
# What it may take.
resources:
  limits:
    memory: 1Gi
`;

it('names each value by its path, with its comment and its default', () => {
  expect(documentedValues(values)).toEqual([
    { path: 'hub.url', text: 'Where the hub is. Always needed.', value: '' },
    { path: 'resources', text: 'What it may take.', value: { limits: { memory: '1Gi' } } },
  ]);
});

it('refuses a value that nobody explained', () => {
  expect(() => documentedValues(`${values}port: 1\n`)).toThrow('port has no comment');
});

it('replaces what stands between the marks and nothing else', () => {
  const page = 'before\n<!-- values: generated -->\nold\n<!-- /values -->\nafter\n';
  const made = withChartValues(page, values);
  expect(made).toMatch(/^before\n/);
  expect(made).toMatch(/\nafter\n$/);
  expect(made).toContain('| `hub.url` | Where the hub is. Always needed. | `""` |');
  expect(made).not.toContain('old');
  expect(withChartValues(made, values)).toBe(made);
});
