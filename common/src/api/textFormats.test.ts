import { describe, expect, it } from 'vitest';
import { hasFormat } from './textFormats.ts';

/** What a Kubernetes 1.36 API server accepts and refuses. */
const formats: Record<string, { good: string[]; bad: string[] }> = {
  byte: { good: ['aGVsbG8='], bad: ['', 'aGVsbG8', 'aGVs_G8='] },
  bsonobjectid: { good: ['507f1f77bcf86cd799439011'], bad: ['507f1f77'] },
  cidr: { good: ['10.0.0.1/8', '::/0'], bad: ['10.0.0.0', '10.0.0.0/33', 'x/8'] },
  creditcard: { good: ['4111111111111111'], bad: ['4111-1111-1111-1112'] },
  date: { good: ['2020-01-01'], bad: ['2020-13-01', '2020-02-30', '2020-1-1'] },
  'date-time': {
    good: ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.123+02:00'],
    bad: ['2020-01-01T00:00:00', '2020-01-01 00:00:00', '2020-01-01T24:00:00Z'],
  },
  duration: { good: ['1h30m', '1 day', '3 weeks', 'P1D', '-1s', '1.5s'], bad: ['', '5', 'x'] },
  email: { good: ['a@b', 'A <a@b.c>'], bad: ['a', '@b'] },
  hexcolor: { good: ['#fff', 'fff', '#FFFFFF'], bad: ['#ffff'] },
  hostname: { good: ['x', 'foo.com', 'a-b', 'münchen.de', '5'], bad: ['-x', 'a.b', 'a_b', 'a.b.', '1.2.3.4', '2020-01-01'] },
  ipv4: { good: ['1.2.3.4', '01.2.3.4', '::ffff:1.2.3.4'], bad: ['1.2.3.4.5', '::1', '256.1.1.1'] },
  ipv6: { good: ['::1', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8'], bad: ['fe80::1%eth0', '1.2.3.4', ':::', '1:2:3:4:5:6:7:8::'] },
  isbn: { good: ['0306406152', '978-3-16-148410-0'], bad: ['0306406153'] },
  'k8s-short-name': { good: ['a-b'], bad: ['a.b', 'A'] },
  'k8s-long-name': { good: ['a.b'], bad: ['A'] },
  mac: { good: ['00:11:22:33:44:55', '00-11-22-33-44-55', '0011.2233.4455'], bad: ['00:11:22'] },
  rgbcolor: { good: ['rgb(1,2,3)', 'rgb( 1 , 2 , 3 )'], bad: ['rgb(256,2,3)'] },
  ssn: { good: ['123-45-6789'], bad: ['111223333'] },
  uri: { good: ['http://a', '/a', 'a:b', 'http://', '//a'], bad: ['x', 'http://a b', ''] },
  uuid: {
    good: ['11111111-2222-3333-4444-555555555555', '11111111222233334444555555555555'],
    bad: ['{11111111-2222-3333-8444-555555555555}'],
  },
  uuid4: { good: ['11111111-2222-4333-8444-555555555555'], bad: ['11111111-2222-3333-4444-555555555555'] },
};

describe.each(Object.entries(formats))('format %s', (format, { good, bad }) => {
  it.each(good)('takes %j', (value) => {
    expect(hasFormat(format, value)).toBe(true);
  });
  it.each(bad)('refuses %j', (value) => {
    expect(hasFormat(format, value)).toBe(false);
  });
});

it.each(['password', 'binary', 'constructor', '__proto__'])('does not check %s', (format) => {
  expect(hasFormat(format, 'x') ?? true).toBe(true);
});
