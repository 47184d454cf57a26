// Looks where a repository's address leads before git goes there, and holds git to what was looked at.
import { lookup } from 'node:dns/promises';
import { SourceError } from '../source-error.ts';
import { isRefused, type AllowedAddresses } from './refused-addresses.ts';

/**
 * Git's configuration that keeps it to the addresses that were looked at, so that the name cannot lead elsewhere a
 * moment later. Empty for what has no host, for SSH, and where only a proxy knows the name. Throws
 * REPOSITORY_NOT_ALLOWED where one of the addresses is refused.
 */
export async function pinnedHost(url: string, allowed: AllowedAddresses): Promise<readonly string[]> {
  const host = hostOf(url);
  if (!host) return [];
  const found = await lookup(host.name, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  const refused = addresses.find((address) => isRefused(address, allowed));
  if (refused !== undefined) throw notAllowed(url, refused);
  if (addresses.length === 0 || host.port === undefined) return [];
  return [`http.curloptResolve=${host.name}:${host.port}:${addresses.join(',')}`];
}

/** `port` is undefined for protocols that git does not speak by curl. */
function hostOf(url: string): { readonly name: string; readonly port: string | undefined } | undefined {
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)/.exec(url)?.[1];
  if (short !== undefined) return { name: short, port: undefined };
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'file:' || name === '') return undefined;
  const usual = { 'http:': '80', 'https:': '443' }[protocol];
  return { name, port: usual && (port || usual) };
}

function notAllowed(url: string, address: string): SourceError {
  const message = `Repository ${url} is at ${address}, which is the hub's own machine or its cloud's: the hub fetches nothing from there. Give another address, or let whoever runs the hub allow it with FAIRLEAD_ALLOW_PRIVATE_ADDRESSES.`;
  return new SourceError('REPOSITORY_NOT_ALLOWED', message);
}
