// Which addresses the hub may call at a user's word. Whoever runs the hub may list ranges that it may call all the same.
import { BlockList, isIP } from 'node:net';

/** The machine itself. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1/128'];

/**
 * What answers only to the machine itself, with what no user may read: loopback, "this host", and the link-local ranges,
 * which hold the clouds' metadata services. The single addresses are those of clouds that have theirs elsewhere: Alibaba,
 * Azure, and by IPv6 Amazon and Google.
 */
export const OF_THE_MACHINE: readonly string[] = [
  ...LOOPBACK,
  '0.0.0.0/8',
  '::/128',
  '169.254.0.0/16',
  'fe80::/10',
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
];

/** IANA's special-purpose ranges: what is not the public internet. Mapped IPv4 addresses are judged as IPv4. */
export const NOT_PUBLIC: readonly string[] = [
  ...OF_THE_MACHINE,
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
];

/** What the guard lets through of what is refused: everything, or the listed ranges. */
export type AllowedAddresses = 'ANY' | readonly string[];

/** Judges addresses, never names: a name may point elsewhere at the next look. */
export class AddressGuard {
  readonly #refused: BlockList;
  readonly #allowed: BlockList | 'ANY';

  constructor(refused: readonly string[], allowed: AllowedAddresses) {
    this.#refused = blockListOf(refused);
    this.#allowed = allowed === 'ANY' ? allowed : blockListOf(allowed);
  }

  /** Whether the address may be connected to; what is no address may not. */
  allows(address: string): boolean {
    // A link-local address may name its network card, which no range does.
    const plain = address.replace(/%.*$/, '');
    const version = isIP(plain);
    if (version === 0) return false;
    if (this.#allowed === 'ANY') return true;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return this.#allowed.check(plain, family) || !this.#refused.check(plain, family);
  }
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** Whether a text is a range such as `10.0.0.0/8` or `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  return (
    version !== 0 &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(prefix) &&
    Number(prefix) <= (version === 4 ? 32 : 128)
  );
}
