import { describe, expect, it } from 'vitest';
import { isRefused, LOOPBACK, rangeProblem } from './refused-addresses.ts';

describe('addresses that the hub calls for nobody', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    '100.100.100.200',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
  ])('are those of the machine and of its cloud: %s', (address) => {
    expect(isRefused(address, [])).toBe(true);
  });

  it.each(['10.1.2.3', '192.168.1.1', '172.16.0.1', 'fd12::1', '140.82.121.4', '2606:4700::1'])(
    'are not those of private networks, where teams host their Git, nor public ones: %s',
    (address) => {
      expect(isRefused(address, [])).toBe(false);
    },
  );

  it('are called where their range is allowed, and no others with them', () => {
    expect(isRefused('127.0.0.1', LOOPBACK)).toBe(false);
    expect(isRefused('::1', LOOPBACK)).toBe(false);
    expect(isRefused('169.254.169.254', LOOPBACK)).toBe(true);
    expect(isRefused('169.254.169.254', 'ALL')).toBe(false);
  });

  it('are allowed by ranges alone', () => {
    expect(rangeProblem('10.0.0.0/8')).toBeUndefined();
    for (const text of ['10.0.0.0', 'localhost/8', '10.0.0.0/64', '::1/x', ''])
      expect(rangeProblem(text)).toContain('is no range');
  });
});
