import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { kubeconfigSettings } from './kubeconfig.ts';

let directory: string;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const file = () => join(directory, 'config');

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  await writeFile(join(directory, 'ca.pem'), 'CA FROM FILE');
  await writeFile(join(directory, 'token'), 'from-file\n');
  await writeFile(
    file(),
    `
apiVersion: v1
kind: Config
current-context: one
contexts:
  - { name: one, context: { cluster: inline, user: certificate } }
  - { name: two, context: { cluster: files, user: token-file } }
  - { name: three, context: { cluster: files, user: basic } }
  - { name: lost, context: { cluster: nowhere, user: basic } }
clusters:
  - { name: inline, cluster: { server: 'https://one:6443/', certificate-authority-data: ${base64('CA INLINE')} } }
  - { name: files, cluster: { server: 'https://two:6443', certificate-authority: ca.pem, tls-server-name: other } }
users:
  - name: certificate
    user: { client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('KEY')} }
  - { name: token-file, user: { tokenFile: token } }
  - { name: basic, user: { username: ann, password: pw } }
`,
  );
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it('reads the current context with inline certificates', async () => {
  const settings = await kubeconfigSettings({ path: file() }, systemClock);
  expect(settings).toMatchObject({ server: 'https://one:6443', ca: 'CA INLINE', cert: 'CERT', key: 'KEY' });
  expect(await settings.authorization()).toBeUndefined();
});

it('reads files beside the kubeconfig, and the token from its file', async () => {
  const settings = await kubeconfigSettings({ path: file(), context: 'two' }, systemClock);
  expect(settings).toMatchObject({ ca: 'CA FROM FILE', serverName: 'other' });
  expect(await settings.authorization()).toBe('Bearer from-file');
});

it('understands a user name and password', async () => {
  const settings = await kubeconfigSettings({ path: file(), context: 'three' }, systemClock);
  expect(await settings.authorization()).toBe(`Basic ${base64('ann:pw')}`);
});

it('names the file and the context when something is missing', async () => {
  await expect(kubeconfigSettings({ path: file(), context: 'four' }, systemClock)).rejects.toThrow(
    /config has no context four/,
  );
  await expect(kubeconfigSettings({ path: file(), context: 'lost' }, systemClock)).rejects.toThrow(
    /names no server for lost/,
  );
});
