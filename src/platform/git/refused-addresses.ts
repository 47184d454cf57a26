// Which addresses the hub calls for nobody: those that answer only to the machine itself, with what no user may read.
import { BlockList, isIPv6 } from 'node:net';

/** Ranges that whoever runs the hub allows all the same. */
export type AllowedAddresses = 'ALL' | readonly string[];

/** The machine itself. */
export const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;

// Link-local ranges hold the clouds' metadata services; two clouds have theirs elsewhere. "This host" is loopback too.
const REFUSED = [
  ...LOOPBACK,
  '0.0.0.0/8',
  '::/128',
  '169.254.0.0/16',
  'fe80::/10',
  '100.100.100.200/32',
  'fd00:ec2::254/128',
] as const;

/** Why a text is no range such as `10.0.0.0/8`; undefined where it is one. */
export function rangeProblem(text: string): string | undefined {
  try {
    listOf([text]);
    return undefined;
  } catch {
    return `"${text}" is no range of addresses like 127.0.0.0/8 or ::1/128`;
  }
}

/** Whether an IP address is one of them, and not allowed. */
export function isRefused(address: string, allowed: AllowedAddresses): boolean {
  return allowed !== 'ALL' && isIn(listOf(REFUSED), address) && !isIn(listOf(allowed), address);
}

function isIn(list: BlockList, address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address.replace(/%.*$/, '');
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    if (!/^\d+$/.test(bits)) throw new RangeError(range);
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
