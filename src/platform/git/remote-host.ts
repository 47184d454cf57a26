// Looks where a repository's address leads before git goes there, and holds git to what was looked at.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SourceError } from '../source-error.ts';
import { AddressGuard, OF_THE_MACHINE, type AllowedAddresses } from '../address-guard.ts';

/**
 * Git's configuration that keeps it to the addresses that were looked at, so that the name cannot lead elsewhere a
 * moment later. Empty for what has no host, for SSH, and where only a proxy knows the name. Throws
 * REPOSITORY_NOT_ALLOWED where one of the addresses is refused, and REPOSITORY_UNREACHABLE where there is none: git
 * would ask again, and might be told what was not looked at.
 */
export async function pinnedHost(
  url: string,
  {
    allowedAddresses,
    machine,
  }: { readonly allowedAddresses: AllowedAddresses; readonly machine: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  const host = hostOf(url);
  if (!host) return [];
  const { name, port } = host;
  const found = await lookup(name, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  const guard = new AddressGuard(OF_THE_MACHINE, allowedAddresses);
  const refused = addresses.find((address) => !guard.allows(address));
  if (refused !== undefined) throw notAllowed(url, refused);
  if (addresses.length === 0 && !(port && hasProxy(machine))) throw unknownHost(url, name);
  // What is an address already leads nowhere else.
  if (addresses.length === 0 || port === undefined || isIP(name) !== 0) return [];
  return [`http.curloptResolve=${name}:${port}:${addresses.join(',')}`];
}

function hasProxy(machine: Readonly<Record<string, string>>): boolean {
  return Object.entries(machine).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value !== '');
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

function unknownHost(url: string, name: string): SourceError {
  const message = `Repository ${url}: no address is known for ${name}: check the address of the repository, and the hub's name server.`;
  return new SourceError('REPOSITORY_UNREACHABLE', message);
}
