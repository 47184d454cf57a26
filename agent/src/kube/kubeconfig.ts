// Reads what the agent needs of a kubeconfig file: one context's server, CA and login.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Authorization, ConnectionSettings } from './connection-settings.ts';
import { pluginAuthorization } from './login-plugin.ts';
import { tokenFileAuthorization } from './token-file.ts';

interface KubeconfigFile {
  readonly 'current-context'?: string;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: ClusterEntry }[];
  readonly users?: readonly { readonly name: string; readonly user?: UserEntry }[];
  readonly contexts?: readonly {
    readonly name: string;
    readonly context?: { readonly cluster?: string; readonly user?: string };
  }[];
}

interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly exec?: object;
  readonly 'auth-provider'?: object;
}

/** Which file, and which of its contexts (`current-context` when not given). */
export interface KubeconfigChoice {
  readonly path: string;
  readonly context?: string;
}

/** Settings of one context; throws with the file's name when something is missing. */
export async function kubeconfigSettings(
  choice: KubeconfigChoice,
  clock: Clock,
): Promise<ConnectionSettings> {
  const { parse } = await import('yaml');
  const file = (parse(await readFile(choice.path, 'utf8')) ?? {}) as KubeconfigFile;
  const { server, cluster, user } = chosen(file, choice);
  const read = fileReader(dirname(choice.path));
  return {
    server,
    ...(await clusterTls(cluster, read)),
    ...(await clientCertificate(user, read)),
    ...(cluster['proxy-url'] !== undefined && { proxyUrl: cluster['proxy-url'] }),
    authorization: authorizationOf(user, choice, clock),
  };
}

function chosen(file: KubeconfigFile, { path, context: wanted }: KubeconfigChoice) {
  const name = wanted ?? file['current-context'] ?? '(none is current)';
  const context = named(file.contexts, name)?.context;
  if (!context) throw new Error(`the kubeconfig ${path} has no context ${name}`);
  const cluster = named(file.clusters, context.cluster)?.cluster;
  if (!cluster?.server) throw new Error(`the kubeconfig ${path} names no server for ${name}`);
  const user = named(file.users, context.user)?.user ?? {};
  return { server: cluster.server.replace(/\/$/, ''), cluster, user };
}

function named<Entry extends { readonly name: string }>(
  entries: readonly Entry[] | undefined,
  name: string | undefined,
): Entry | undefined {
  return entries?.find((entry) => entry.name === name);
}

type Read = (inline: string | undefined, path: string | undefined) => Promise<string | undefined>;

/** Reads a member that is given inline in base64, or as a path that is relative to the kubeconfig. */
function fileReader(directory: string): Read {
  return async (inline, path) => {
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
    return path === undefined ? undefined : readFile(resolve(directory, path), 'utf8');
  };
}

async function clusterTls(cluster: ClusterEntry, read: Read): Promise<Partial<ConnectionSettings>> {
  const ca = await read(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const serverName = cluster['tls-server-name'];
  return {
    ...(ca !== undefined && { ca }),
    ...(serverName !== undefined && { serverName }),
    ...(cluster['insecure-skip-tls-verify'] === true && { skipTlsVerify: true }),
  };
}

async function clientCertificate(user: UserEntry, read: Read): Promise<Partial<ConnectionSettings>> {
  const cert = await read(user['client-certificate-data'], user['client-certificate']);
  const key = await read(user['client-key-data'], user['client-key']);
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

function authorizationOf(user: UserEntry, choice: KubeconfigChoice, clock: Clock): Authorization {
  if (user.token !== undefined) return async () => `Bearer ${user.token}`;
  if (user.tokenFile !== undefined) {
    return tokenFileAuthorization(resolve(dirname(choice.path), user.tokenFile), clock);
  }
  if (user.exec || user['auth-provider']) return pluginAuthorization(choice.path, choice.context);
  if (user.username === undefined) return async () => undefined;
  const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
  return async () => `Basic ${pair}`;
}
