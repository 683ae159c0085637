/** IP addresses and address ranges of both families: parsed to numbers, printed in canonical form, validated. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

export interface Cidr {
  readonly family: 4 | 6;
  /** The address as given; bits beyond the prefix may be set. */
  readonly bits: bigint;
  readonly prefix: number;
}

export const ipProblem = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const cidrProblem = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

const widthOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

function parseIpv4(text: string, leadingZeros: boolean): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  for (const part of parts) {
    if (!/^\d+$/.test(part) || (!leadingZeros && part.length > 1 && part.startsWith('0'))) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    bits = (bits << 8n) | BigInt(byte);
  }
  return bits;
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 address may stand for the last two. */
function groupsOf(text: string, leadingZeros: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const v4 = parseIpv4(part, leadingZeros);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseIpv6(text: string, leadingZeros: boolean): bigint | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const head = groupsOf(sides[0] ?? '', leadingZeros);
  const tail = sides.length === 2 ? groupsOf(sides[1] ?? '', leadingZeros) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail].reduce((bits, g) => (bits << 16n) | BigInt(g), 0n);
}

/**
 * The address that `text` stands for, or undefined. Most fields accept leading zeros in IPv4 addresses, read as
 * decimal. An IPv4 address in IPv6 clothes (`::ffff:1.2.3.4`) counts as IPv4.
 */
export function parseIp(text: string, { leadingZeros = true } = {}): IpAddress | undefined {
  if (!text.includes(':')) {
    const bits = parseIpv4(text, leadingZeros);
    return bits === undefined ? undefined : { family: 4, bits };
  }
  const bits = parseIpv6(text, leadingZeros);
  if (bits === undefined) return undefined;
  return bits >> 32n === 0xffffn ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

/** The canonical text: dotted, or lower-case hexadecimal with the longest run of zero groups left out. */
export function formatIp({ family, bits }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(16 * (7 - i))) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: number[]): string => part.map((g) => g.toString(16)).join(':');
  if (best.start < 0) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** The range that `text` (`10.0.0.0/8`) stands for, or undefined. */
export function parseCidr(text: string, { leadingZeros = true } = {}): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash), { leadingZeros });
  const digits = text.slice(slash + 1);
  if (!address || !/^\d{1,3}$/.test(digits) || (digits.length > 1 && digits.startsWith('0') && !leadingZeros)) return undefined;
  const mapped = address.family === 4 && text.includes(':');
  const prefix = Number(digits) - (mapped ? 96 : 0);
  return prefix < 0 || prefix > widthOf(address.family) ? undefined : { ...address, prefix };
}

/** The first address of a range. */
export function networkOf({ family, bits, prefix }: Cidr): IpAddress {
  const host = BigInt(widthOf(family) - prefix);
  return { family, bits: (bits >> host) << host };
}

/** The range in canonical form, with the bits beyond the prefix cleared. */
export const formatCidr = (cidr: Cidr): string => `${formatIp(networkOf(cidr))}/${cidr.prefix}`;

export function cidrContains(cidr: Cidr, ip: IpAddress): boolean {
  const host = BigInt(widthOf(cidr.family) - cidr.prefix);
  return cidr.family === ip.family && cidr.bits >> host === ip.bits >> host;
}

export interface IpRules {
  /** Newer fields take only the canonical text; the older ones merely warn about others. */
  readonly canonical?: boolean;
}

const isMapped = (text: string, family: 4 | 6): boolean => family === 4 && text.includes(':');

/** Problems of a text as an address. */
export function ipErrors(text: string, { canonical = false }: IpRules = {}): string[] {
  const ip = parseIp(text);
  if (!ip) return [ipProblem];
  if (isMapped(text, ip.family)) return ['must not be an IPv4-mapped IPv6 address'];
  if (!parseIp(text, { leadingZeros: false })) return ['must not have leading 0s'];
  return canonical && formatIp(ip) !== text ? [`must be in canonical form (${JSON.stringify(formatIp(ip))})`] : [];
}

/** Problems of a text as a range. */
export function cidrErrors(text: string, { canonical = false }: IpRules = {}): string[] {
  const cidr = parseCidr(text);
  if (!cidr) return [cidrProblem];
  if (isMapped(text, cidr.family)) return ['must not have an IPv4-mapped IPv6 address'];
  if (!parseCidr(text, { leadingZeros: false })) return ['must not have leading 0s in IP or prefix length'];
  if (networkOf(cidr).bits !== cidr.bits) return ['must not have bits set beyond the prefix length'];
  return canonical && formatCidr(cidr) !== text ? [`must be in canonical form (${JSON.stringify(formatCidr(cidr))})`] : [];
}

/** The warning about an IPv6 address that is accepted, but not in its canonical form. */
export function ipWarning(path: string, text: string): string | undefined {
  const ip = parseIp(text);
  if (ip?.family !== 6 || formatIp(ip) === text) return undefined;
  return `${path}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(formatIp(ip))})`;
}

/** The warning about an IPv6 range that is accepted, but not in its canonical form. */
export function cidrWarning(path: string, text: string): string | undefined {
  const cidr = parseCidr(text);
  if (cidr?.family !== 6 || formatCidr(cidr) === text) return undefined;
  const wanted = JSON.stringify(formatCidr(cidr));
  return `${path}: IPv6 CIDR value ${JSON.stringify(text)} should be in RFC 5952 canonical format (${wanted})`;
}
