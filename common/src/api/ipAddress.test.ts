import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cidrContains,
  cidrErrors,
  cidrWarning,
  formatCidr,
  formatIp,
  ipErrors,
  ipWarning,
  parseCidr,
  parseIp,
} from './ipAddress.ts';

describe('addresses', () => {
  test.each([
    ['10.9.8.7', []],
    ['2001:db8::ffff', []],
    ['2001:DB8::1', []],
    ['1.2.3', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['fe80::1%eth0', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['010.0.0.1', ['must not have leading 0s']],
    ['::ffff:1.2.3.4', ['must not be an IPv4-mapped IPv6 address']],
  ])('%s', (text, errors) => {
    expect(ipErrors(text)).toEqual(errors);
  });

  test('newer fields want the canonical text, older ones warn', () => {
    expect(ipErrors('2001:DB8::1', { canonical: true })).toEqual(['must be in canonical form ("2001:db8::1")']);
    expect(ipWarning('spec.ip', '2001:DB8::1')).toBe(
      'spec.ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    );
    expect(cidrWarning('spec.cidr', '2001:DB8::/64')).toBe(
      'spec.cidr: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
    );
  });

  test('text and number agree', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const ip = parseIp(text);
        expect(ip).toBeDefined();
        if (ip) expect(parseIp(formatIp(ip))).toEqual(ip);
      }),
    );
  });
});

describe('ranges', () => {
  test.each([
    ['10.0.0.0/8', []],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['010.0.0.0/8', ['must not have leading 0s in IP or prefix length']],
    ['10.0.0.0/08', ['must not have leading 0s in IP or prefix length']],
    ['::ffff:1.2.3.0/120', ['must not have an IPv4-mapped IPv6 address']],
    ['10.0.0.0/33', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['10.0.0.0', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ])('%s', (text, errors) => {
    expect(cidrErrors(text)).toEqual(errors);
  });

  test('containment', () => {
    const cidr = parseCidr('10.244.1.0/24');
    const ip = parseIp('10.244.1.77');
    const other = parseIp('10.244.2.1');
    if (!cidr || !ip || !other) throw new Error('valid texts');
    expect(cidrContains(cidr, ip)).toBe(true);
    expect(cidrContains(cidr, other)).toBe(false);
    expect(formatCidr({ ...ip, prefix: 16 })).toBe('10.244.0.0/16');
  });
});
