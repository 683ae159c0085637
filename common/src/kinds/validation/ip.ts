/**
 * IP addresses and CIDR ranges as the API accepts them: the strict forms (no leading zeros, no IPv4-mapped IPv6), parsed
 * without regular expressions because EndpointSlices carry many. Texts of problems are those of Kubernetes 1.36.
 */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';

export interface IpAddress {
  readonly family: 'IPv4' | 'IPv6';
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
  /** Kubernetes once accepted octets with leading zeros; they are told apart because the message names them. */
  readonly leadingZeros: boolean;
}

export const ipProblem = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const cidrProblem = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** The address that `text` writes, leading zeros allowed; undefined when it is none. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.includes(':')) {
    const bytes = parseIpv6(text);
    return bytes && { family: 'IPv6', bytes, leadingZeros: false };
  }
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  const bytes: number[] = [];
  let leadingZeros = false;
  for (const octet of octets) {
    const value = decimal(octet);
    if (value === undefined || value > 255) return undefined;
    leadingZeros ||= octet.length > 1 && octet.startsWith('0');
    bytes.push(value);
  }
  return { family: 'IPv4', bytes, leadingZeros };
}

function decimal(text: string): number | undefined {
  if (text.length === 0 || text.length > 5) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function parseIpv6(text: string): number[] | undefined {
  const gap = text.indexOf('::');
  if (gap >= 0 && text.includes('::', gap + 1)) return undefined;
  const head = groups(gap < 0 ? text : text.slice(0, gap));
  const tail = gap < 0 ? [] : groups(text.slice(gap + 2));
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** The bytes of `a:b:c`, of which the last group may be an IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const ipv4 = i === parts.length - 1 ? parseIp(part) : undefined;
      if (!ipv4 || ipv4.leadingZeros) return undefined;
      bytes.push(...ipv4.bytes);
      continue;
    }
    if (part.length === 0 || part.length > 4) return undefined;
    const value = Number(`0x${part}`);
    if (!Number.isInteger(value)) return undefined;
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

const isIpv4Mapped = (ip: IpAddress): boolean =>
  ip.family === 'IPv6' && ip.bytes.slice(0, 10).every((byte) => byte === 0) && ip.bytes[10] === 0xff && ip.bytes[11] === 0xff;

/** The one way to write an address that Kubernetes prints: RFC 5952. */
export function canonicalIp(ip: IpAddress): string {
  if (ip.family === 'IPv4') return ip.bytes.join('.');
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((ip.bytes[i] ?? 0) << 8) | (ip.bytes[i + 1] ?? 0));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && words[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    i = Math.max(i, end - 1);
  }
  const hex = words.map((word) => word.toString(16));
  return start < 0 ? hex.join(':') : `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** Problems of an address in a field that takes any strict form. */
export function validateIp(text: string, path: FieldPath): FieldError[] {
  const ip = parseIp(text);
  if (!ip) return [invalid(path, text, ipProblem)];
  if (ip.leadingZeros) return [invalid(path, text, 'must not have leading 0s')];
  return isIpv4Mapped(ip) ? [invalid(path, text, 'must not be an IPv4-mapped IPv6 address')] : [];
}

/** Problems of an address that must be written canonically: names of IPAddress objects. */
export function canonicalIpProblems(text: string): string[] {
  const ip = parseIp(text);
  if (!ip) return [ipProblem];
  if (ip.leadingZeros) return ['must not have leading 0s'];
  if (isIpv4Mapped(ip)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = canonicalIp(ip);
  return canonical === text ? [] : [`must be in canonical form ("${canonical}")`];
}

/** Problems of an address that traffic is sent to: special ranges are refused. */
export function validateEndpointIp(text: string, path: FieldPath): FieldError[] {
  const ip = parseIp(text);
  if (!ip) return [invalid(path, text, 'must be a valid IP address')];
  const errors: FieldError[] = [];
  const [a = 0, b = 0, c = 0] = ip.bytes;
  const v4 = ip.family === 'IPv4';
  const zeroBut = (last: number): boolean => ip.bytes.every((byte, i) => byte === (i === ip.bytes.length - 1 ? last : 0));
  if (zeroBut(0)) errors.push(invalid(path, text, `may not be unspecified (${text})`));
  if (v4 ? a === 127 : zeroBut(1)) errors.push(invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (v4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80) {
    errors.push(invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  }
  if (v4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 0x02) {
    errors.push(invalid(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
  }
  return errors;
}

export interface Cidr {
  readonly ip: IpAddress;
  readonly prefix: number;
  readonly leadingZeros: boolean;
}

/** The range that `text` writes; undefined when it is none. Bits beyond the prefix may be set. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash));
  const prefixText = text.slice(slash + 1);
  const prefix = decimal(prefixText);
  if (!ip || prefix === undefined || prefix > ip.bytes.length * 8) return undefined;
  return { ip, prefix, leadingZeros: ip.leadingZeros || (prefixText.length > 1 && prefixText.startsWith('0')) };
}

/** The range's first address, in bytes. */
export const networkOf = (cidr: Cidr): number[] =>
  cidr.ip.bytes.map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, 8 * (i + 1) - cidr.prefix))) & 0xff);

const hasHostBits = (cidr: Cidr): boolean => networkOf(cidr).some((byte, i) => byte !== cidr.ip.bytes[i]);

/** Whether `inner` lies inside `outer`, both included. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  if (outer.ip.family !== inner.ip.family || inner.prefix < outer.prefix) return false;
  const first = networkOf(outer);
  return networkOf({ ...inner, prefix: outer.prefix }).every((byte, i) => byte === first[i]);
}

/** Problems of a range in strict form. */
export function validateCidr(text: string, path: FieldPath): FieldError[] {
  const cidr = parseCidr(text);
  if (!cidr) return [invalid(path, text, cidrProblem)];
  const errors: FieldError[] = [];
  if (cidr.leadingZeros) errors.push(invalid(path, text, 'must not have leading 0s in IP or prefix length'));
  if (isIpv4Mapped(cidr.ip)) errors.push(invalid(path, text, 'must not have an IPv4-mapped IPv6 address'));
  if (!errors.length && hasHostBits(cidr)) {
    errors.push(invalid(path, text, 'must not have bits set beyond the prefix length'));
  }
  return errors;
}
