import { describe, expect, it } from 'vitest';
import { AddressGuard, isAddressRange, LOOPBACK, NOT_PUBLIC, OF_THE_MACHINE } from './address-guard.ts';

const strict = new AddressGuard(NOT_PUBLIC, []);

describe('the address guard', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('refuses %s', (address) => {
    expect(strict.allows(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'lets %s pass',
    (address) => {
      expect(strict.allows(address)).toBe(true);
    },
  );

  it('lets through the listed ranges and nothing else of what is private', () => {
    const guard = new AddressGuard(NOT_PUBLIC, ['10.96.0.0/12', 'fd00::/8']);
    const asked = ['10.96.0.10', '10.112.0.1', 'fd00::5', '169.254.169.254', '::ffff:10.96.0.10'];
    expect(asked.map((address) => guard.allows(address))).toEqual([true, false, true, false, true]);
  });

  it('never lets a name through, whatever is allowed', () => {
    expect([
      new AddressGuard(NOT_PUBLIC, 'ANY').allows('localhost'),
      new AddressGuard(NOT_PUBLIC, 'ANY').allows('127.0.0.1'),
    ]).toEqual([false, true]);
  });

  it('knows a range from another text', () => {
    const texts = [
      '10.0.0.0/8',
      'fd00::/8',
      '10.0.0.0',
      '10.0.0.0/33',
      'example.com/8',
      '10.0.0.0/8/8',
      '1.2.3/8',
    ];
    expect(texts.filter(isAddressRange)).toEqual(['10.0.0.0/8', 'fd00::/8']);
  });
});

describe('the guard of what only the machine itself may call', () => {
  const own = new AddressGuard(OF_THE_MACHINE, []);

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
    '168.63.129.16',
    'fd00:ec2::254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
  ])('refuses those of the machine and of its cloud: %s', (address) => {
    expect(own.allows(address)).toBe(false);
  });

  it.each(['10.1.2.3', '192.168.1.1', '172.16.0.1', 'fd12::1', '140.82.121.4', '2606:4700::1'])(
    'refuses neither private networks, where teams host their Git, nor public addresses: %s',
    (address) => {
      expect(own.allows(address)).toBe(true);
    },
  );

  it('lets through the ranges that are listed, and no others with them', () => {
    const local = new AddressGuard(OF_THE_MACHINE, LOOPBACK);
    expect(['127.0.0.1', '::1', '169.254.169.254'].map((address) => local.allows(address))).toEqual([
      true,
      true,
      false,
    ]);
    expect(new AddressGuard(OF_THE_MACHINE, 'ANY').allows('169.254.169.254')).toBe(true);
  });
});
