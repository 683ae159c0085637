/** IP addresses and ranges of them as values. Those that say IPv4 in IPv6's way, and those with a zone, are refused. */
import { addressProblem, prefixProblem } from '#common/api/goAddressProblem.ts';
import { type Cidr, cidrContains, formatIp, type IpAddress, networkOf, parseCidr, parseIp } from '#common/api/ipAddress.ts';
import { goQuoted } from '#common/api/goText.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, CelOpaque } from '../values.ts';

export class CelIp extends CelOpaque {
  readonly type = 'net.IP';
  readonly address: IpAddress;
  constructor(address: IpAddress) {
    super();
    this.address = address;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelIp && other.address.family === this.address.family && other.address.bits === this.address.bits;
  }
  toString(): string {
    return formatIp(this.address);
  }
}

/** Bits beyond the prefix are kept. */
export class CelCidr extends CelOpaque {
  readonly type = 'net.CIDR';
  readonly range: Cidr;
  constructor(range: Cidr) {
    super();
    this.range = range;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelCidr && other.toString() === this.toString();
  }
  toString(): string {
    return `${formatIp(this.range)}/${this.range.prefix}`;
  }
}

function ip(text: string): CelIp {
  const problem = addressProblem(text);
  if (problem !== undefined) {
    throw new CelError(`IP Address ${goQuoted(text)} parse error during conversion from string: ${problem}`);
  }
  if (text.includes('%')) throw new CelError(`IP address ${goQuoted(text)} with zone value is not allowed`);
  const address = parseIp(text);
  if (!address || (address.family === 4 && text.includes(':'))) throw mapped(text);
  return new CelIp(address);
}

const mapped = (text: string): CelError => new CelError(`IPv4-mapped IPv6 address ${goQuoted(text)} is not allowed`);

function cidr(text: string): CelCidr {
  const said = 'network address parse error during conversion from string: ';
  const problem = prefixProblem(text);
  if (problem !== undefined) throw new CelError(`${said}${said}${problem}`);
  const range = parseCidr(text);
  if (!range || (range.family === 4 && text.includes(':'))) throw new CelError(`${said}${mapped(text).message}`);
  return new CelCidr(range);
}

function succeeds(read: (text: string) => CelOpaque): (text: string) => boolean {
  return (text) => {
    try {
      read(text);
      return true;
    } catch (error) {
      if (error instanceof CelError) return false;
      throw error;
    }
  };
}

/** A text that is no address is taken for a call with the wrong argument. */
function containsText({ range }: CelCidr, text: string): boolean {
  if (!succeeds(ip)(text)) throw new CelError('no such overload');
  return cidrContains(range, ip(text).address);
}

const containsCidr = ({ range }: CelCidr, { range: inner }: CelCidr): boolean =>
  inner.prefix >= range.prefix && cidrContains(range, networkOf(inner));

/** Whether the first `length` bits are those of the range. */
const within =
  (v4: string | undefined, v6: string) =>
  ({ address }: CelIp): boolean => {
    const range = parseCidr(address.family === 4 ? (v4 ?? '') : v6);
    return range !== undefined && cidrContains(range, address);
  };

const isUnspecified = within('0.0.0.0/32', '::/128');
const isLoopback = within('127.0.0.0/8', '::1/128');
const isLinkLocalUnicast = within('169.254.0.0/16', 'fe80::/10');
const isMulticast = within('224.0.0.0/4', 'ff00::/8');
const isBroadcast = within('255.255.255.255/32', '::/128');

/** The last four bits of an IPv6 group's second byte say how far it reaches; the first four are flags. */
const isLinkLocalMulticast = (value: CelIp): boolean =>
  value.address.family === 4
    ? within('224.0.0.0/24', '::/128')(value)
    : isMulticast(value) && ((value.address.bits >> 112n) & 0xfn) === 2n;

const isGlobalUnicast = (value: CelIp): boolean =>
  ![isUnspecified, isLoopback, isLinkLocalUnicast, isMulticast, isBroadcast].some((is) => is(value));

export const addressFunctions: readonly CelFunction[] = [
  fn('ip(string): net.IP', ip),
  fn('isIP(string): bool', succeeds(ip)),
  fn('ip.isCanonical(string): bool', (text: string) => ip(text).toString() === text),
  fn('string(net.IP): string', String),
  method('net.IP', 'family(): int', ({ address }: CelIp) => BigInt(address.family)),
  method('net.IP', 'isUnspecified(): bool', isUnspecified),
  method('net.IP', 'isLoopback(): bool', isLoopback),
  method('net.IP', 'isLinkLocalMulticast(): bool', isLinkLocalMulticast),
  method('net.IP', 'isLinkLocalUnicast(): bool', isLinkLocalUnicast),
  method('net.IP', 'isGlobalUnicast(): bool', isGlobalUnicast),
  fn('cidr(string): net.CIDR', cidr),
  fn('isCIDR(string): bool', succeeds(cidr)),
  fn('string(net.CIDR): string', String),
  method('net.CIDR', 'containsIP(net.IP): bool', ({ range }: CelCidr, { address }: CelIp) => cidrContains(range, address)),
  method('net.CIDR', 'containsIP(string): bool', containsText),
  method('net.CIDR', 'containsCIDR(net.CIDR): bool', containsCidr),
  method('net.CIDR', 'containsCIDR(string): bool', (range: CelCidr, text: string) => containsCidr(range, cidr(text))),
  method('net.CIDR', 'ip(): net.IP', ({ range: { family, bits } }: CelCidr) => new CelIp({ family, bits })),
  method('net.CIDR', 'masked(): net.CIDR', ({ range }: CelCidr) => new CelCidr({ ...networkOf(range), prefix: range.prefix })),
  method('net.CIDR', 'prefixLength(): int', ({ range }: CelCidr) => BigInt(range.prefix)),
];
