import { expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const environment = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost, .internal,10.0.0.1:443' };

it.each([
  ['https://api.example.com:6443', 'http://proxy:3128'],
  ['https://localhost:6443', undefined],
  ['https://api.internal', undefined],
  ['https://10.0.0.1', undefined],
  ['https://notinternal', 'http://proxy:3128'],
  ['http://api.example.com', undefined],
])('reaches %s through %s', (server, proxy) => {
  expect(proxyFor(server, environment)).toBe(proxy);
});

it('goes directly where no proxy is set, or all are excepted', () => {
  expect(proxyFor('https://api.example.com', {})).toBeUndefined();
  expect(proxyFor('https://api.example.com', { ...environment, NO_PROXY: '*' })).toBeUndefined();
});
