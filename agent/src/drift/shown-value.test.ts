import { expect, it } from 'vitest';
import type { Json } from '@fairlead/protocol/kubernetes-object';
import { parsePath } from './field-path.ts';
import { shownValue } from './shown-value.ts';

const shown = (kind: string, path: string, value: Json | undefined) =>
  shownValue({ apiVersion: 'v1', kind, name: 'a' }, parsePath(path) ?? [], value);

it('tells a value as JSON text, whatever the order of its members', () => {
  expect(shown('Service', 'spec.selector', { b: '1', a: 2 })).toEqual({
    text: '{"a":2,"b":"1"}',
    masked: false,
  });
  expect(shown('Service', 'spec.selector', undefined)).toEqual({ masked: false });
});

it.each([
  ['Secret', 'data.user'],
  ['Secret', 'stringData.user'],
  ['ConfigMap', 'data.DB_PASSWORD'],
  ['ConfigMap', 'binaryData.DB_PASSWORD'],
  ['ConfigMap', 'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]'],
  ['Deployment', 'spec.template.spec.containers[name=web].env[name=API_TOKEN].value'],
])('tells nothing of %s %s, not even whether it is there', (kind, path) => {
  expect(shown(kind, path, 'geheim')).toEqual({ masked: true });
  expect(shown(kind, path, undefined)).toEqual({ masked: true });
});

it('hides secrets within a larger value, and tells the rest', () => {
  const container = {
    name: 'web',
    env: [
      { name: 'API_TOKEN', value: 'geheim' },
      { name: 'MODE', value: 'x' },
    ],
  };
  const { text, masked } = shown('Pod', 'spec.containers[name=web]', container);
  expect([text?.includes('geheim'), text?.includes('"MODE"'), masked]).toEqual([false, true, true]);
  const url = shown('ConfigMap', 'data.url', 'postgres://me:geheim@db/shop');
  expect(url).toEqual({ masked: true });
});

it.each<[string, Json]>([
  ['spec.auth.clientSecret', 'geheim'],
  ['spec.values', { db: { password: 'geheim', host: 'db' } }],
  ['spec.template.spec.containers[name=web].args', ['--db-password=geheim', '--port=80']],
  ['data.settings', 'host = db\nspring.datasource.password = geheim\n'],
  ['data.json', '{"apiKey": "geheim"}'],
])('hides what %s says by its own name, in whatever kind', (path, value) => {
  const { text = '', masked } = shown('Any', path, value);
  expect([text.includes('geheim'), masked]).toEqual([false, true]);
});

it.each<[string, Json]>([
  ['spec.tls', [{ secretName: 'web-tls', hosts: ['shop.example'] }]],
  ['spec.automountServiceAccountToken', false],
  ['spec.template.spec.containers[name=web].args', ['--token-file=/var/run/token', '--password=$(PASSWORD)']],
  ['data.settings', 'password = ${DB_PASSWORD}\nhost = db'],
])('tells what %s merely refers to', (path, value) => {
  expect(shown('Any', path, value).masked).toBe(false);
});

it('tells a Secret’s labels, and a reference to a Secret', () => {
  expect(shown('Secret', 'metadata.labels.team', 'shop')).toEqual({ text: '"shop"', masked: false });
  expect(shown('Pod', 'spec.volumes[name=key]', { name: 'key', secret: { secretName: 'key' } }).masked).toBe(
    false,
  );
});

it('shortens what nobody would read', () => {
  expect(shown('ConfigMap', 'data.file', 'x'.repeat(100_000)).text?.length).toBeLessThan(5_000);
});
