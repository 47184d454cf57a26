// The small environment of one git process, and the credential files that it names. Nothing secret is in arguments.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryCredential } from './repository-access.ts';

/** Every GIT_ variable that simple-git may pass on; it drops all others. */
export const allowedGitVariables = [
  'GIT_ASKPASS',
  'GIT_TERMINAL_PROMPT',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_ALLOW_PROTOCOL',
] as const;

/** Variables without a credential; `machine` is what the machine itself gives: PATH and proxies. */
export function plainGitEnvironment(
  home: string,
  machine: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...machine,
    HOME: home,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
  };
}

// `safe.directory`: a file repository may belong to another user, and upload-pack runs in it with this home.
// `followRedirects`: the credential would go along to whatever host a redirect names.
const homeConfig =
  '[safe]\n\tdirectory = *\n[gc]\n\tautoDetach = false\n[maintenance]\n\tautoDetach = false\n[http]\n\tfollowRedirects = false\n';

/** The home of all git processes: our few settings instead of those of whoever runs the hub. */
export async function prepareGitHome(folder: string): Promise<string> {
  const home = path.join(folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const file = path.join(home, '.gitconfig');
  if ((await readFile(file, 'utf8').catch(() => '')) === homeConfig) return home;
  // Put in place whole: a git process that reads a half would follow redirects.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, homeConfig);
  await rename(draft, file);
  return home;
}

/** Removes credential files that a process left behind when it was killed; younger ones may be in use elsewhere. */
export async function removeLostCredentials(folder: string, olderThanMs: number): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('credential-'));
  for (const name of names) {
    const files = path.join(folder, name);
    const made = await stat(files).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > olderThanMs) await rm(files, { recursive: true, force: true });
  }
}

/** Runs `work` with the environment of a credential; its files exist only as long as the work. */
export async function withCredential<T>(
  { folder, machine }: { readonly folder: string; readonly machine: Readonly<Record<string, string>> },
  credential: RepositoryCredential,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const home = await prepareGitHome(folder);
  const files = await mkdtemp(path.join(folder, 'credential-'));
  try {
    return await work({
      ...plainGitEnvironment(home, machine),
      ...(await credentialVariables(files, credential)),
    });
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

async function credentialVariables(
  files: string,
  credential: RepositoryCredential,
): Promise<Record<string, string>> {
  if (credential.kind === 'SSH') {
    return { GIT_SSH_COMMAND: await sshCommand(files, credential.privateKey, credential.knownHosts) };
  }
  const authority =
    credential.caCertificate === undefined
      ? {}
      : { GIT_SSL_CAINFO: await secretFile(files, 'ca.pem', credential.caCertificate) };
  if (credential.kind === 'NONE') return authority;
  return { ...authority, GIT_ASKPASS: await askpass(files, credential.username, credential.password) };
}

async function askpass(files: string, username: string, password: string): Promise<string> {
  await secretFile(files, 'username', username);
  await secretFile(files, 'password', password);
  const script = path.join(files, 'askpass');
  await writeFile(
    script,
    '#!/bin/sh\nfolder=$(dirname "$0")\ncase "$1" in\nUsername*) cat "$folder/username" ;;\n*) cat "$folder/password" ;;\nesac\n',
  );
  await chmod(script, 0o700);
  return script;
}

async function sshCommand(files: string, privateKey: string, knownHosts?: string): Promise<string> {
  // OpenSSH refuses a key whose last line does not end.
  const key = await secretFile(files, 'key', privateKey.trimEnd() + '\n');
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=15'];
  if (knownHosts !== undefined) {
    const hosts = await secretFile(files, 'known_hosts', knownHosts.trimEnd() + '\n');
    options.push(`UserKnownHostsFile=${hosts}`, 'GlobalKnownHostsFile=/dev/null');
  }
  const quoted = options.map((option) => `-o ${shellQuoted(option)}`).join(' ');
  return `ssh -F none -i ${shellQuoted(key)} ${quoted}`;
}

// Git gives this one variable to a shell.
const shellQuoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

async function secretFile(files: string, name: string, content: string): Promise<string> {
  const file = path.join(files, name);
  await writeFile(file, content, { mode: 0o600 });
  return file;
}
