import { describe, expect, it } from 'vitest';
import {
  parseTemplate,
  resolveTemplate,
  type SourceTemplate,
  type TemplateInputs,
} from './source-template.ts';

const cluster = { name: 'eu-1', labels: { region: 'eu', 'example.com/tier': 'gold', empty: '' } };

function parsed(text: string): SourceTemplate {
  const template = parseTemplate(text);
  if ('problems' in template) throw new Error(template.problems.join());
  return template;
}
const resolved = (text: string, inputs: TemplateInputs) => resolveTemplate(parsed(text), inputs);

describe('a template', () => {
  it.each([
    ['overlays/{{environment}}', 'overlays/dev'],
    ['{{ environment }}/{{cluster.name}}', 'dev/eu-1'],
    ['r/{{cluster.labels.region}}/{{cluster.labels.example.com/tier}}', 'r/eu/gold'],
    ['a{{cluster.labels.empty}}b', 'ab'],
    ['plain', 'plain'],
  ])('%s is %s', (text, expected) => {
    expect(resolved(text, { environment: 'dev', cluster })).toEqual({ text: expected });
  });

  it('knows whether it differs from cluster to cluster', () => {
    expect(parsed('{{environment}}').usesCluster).toBe(false);
    expect(parsed('{{cluster.labels.x}}').usesCluster).toBe(true);
  });

  it('names the label that a cluster lacks, and never takes one from the prototype', () => {
    const inputs = { environment: 'dev', cluster };
    expect(resolved('{{cluster.labels.zone}}', inputs)).toEqual({ missingLabel: 'zone' });
    expect(resolved('{{cluster.labels.constructor}}', inputs)).toEqual({ missingLabel: 'constructor' });
  });

  it('waits for a cluster where it needs one', () => {
    expect(resolved('{{cluster.name}}', { environment: 'dev' })).toBe('NEEDS_CLUSTER');
  });

  it.each([
    '{{cluster}}',
    '{{ENVIRONMENT}}',
    '{{}}',
    '{{cluster.labels.}}',
    '{{environment',
    'a}}b',
    '{{{environment}}}',
  ])('refuses %s', (text) => expect(parseTemplate(text)).toHaveProperty('problems'));

  it('names every variable that does not exist at once', () => {
    expect(parseTemplate('{{a}}/{{environment}}/{{b}}')).toMatchObject({
      problems: [expect.stringContaining('{{a}}'), expect.stringContaining('{{b}}')],
    });
  });
});
