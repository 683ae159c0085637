/** Why a text is no IP address or range, in the words of Go's `net/netip`, which reads them strictly. */
import { goQuoted } from './goText.ts';

/** `ParseAddr("1.2.3"): IPv4 address too short`; undefined for an address, with or without a zone. */
export function addressProblem(text: string): string | undefined {
  const problem = (what: string, rest?: string): string =>
    `ParseAddr(${goQuoted(text)}): ${what}${rest === undefined ? '' : ` (at ${goQuoted(rest)})`}`;
  const first = /[.:%]/.exec(text)?.[0];
  if (first === undefined) return problem('unable to parse IP');
  if (first === '%') return problem('missing IPv6 address');
  return first === '.' ? ipv4Problem(text, problem) : ipv6Problem(text, problem);
}

type Say = (what: string, rest?: string) => string;

function ipv4Problem(text: string, problem: Say): string | undefined {
  let value = 0;
  let count = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (/\d/.test(character)) {
      if (digits === 1 && value === 0) return problem('IPv4 field has octet with leading zero');
      value = value * 10 + Number(character);
      digits++;
      if (value > 255) return problem('IPv4 field has value >255');
    } else if (character === '.') {
      if (i === 0 || i === text.length - 1 || text.charAt(i - 1) === '.') {
        return problem('IPv4 field must have at least one digit', text.slice(i));
      }
      if (count === 3) return problem('IPv4 address too long');
      count++;
      value = 0;
      digits = 0;
    } else return problem('unexpected character', text.slice(i));
  }
  return count < 3 ? problem('IPv4 address too short') : undefined;
}

function ipv6Problem(text: string, problem: Say): string | undefined {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return problem('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  let groups = 0;
  let hasGap = false;
  if (rest.startsWith('::')) {
    hasGap = true;
    rest = rest.slice(2);
  }
  while (rest !== '' && groups < 8) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (digits.length > 4) return problem('each group must have 4 or less digits', rest);
    if (digits === '') return problem('each colon-separated field must have at least one digit', rest);
    if (rest.charAt(digits.length) === '.') {
      if (!hasGap && groups !== 6) return problem('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (groups > 6) return problem('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      const embedded = ipv4Problem(rest, problem);
      if (embedded !== undefined) return embedded;
      groups += 2;
      rest = '';
      break;
    }
    groups++;
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) return problem('unexpected character, want colon', rest);
    if (rest === ':') return problem('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest.startsWith(':')) {
      if (hasGap) return problem('multiple :: in address', rest);
      hasGap = true;
      rest = rest.slice(1);
    }
  }
  if (rest !== '') return problem('trailing garbage after address', rest);
  if (groups < 8) return hasGap ? undefined : problem('address string too short');
  return hasGap ? problem('the :: must expand to at least one field of zeros') : undefined;
}

/** `netip.ParsePrefix("1.2.3.4"): no '/'` */
export function prefixProblem(text: string): string | undefined {
  const problem = (what: string): string => `netip.ParsePrefix(${goQuoted(text)}): ${what}`;
  const slash = text.lastIndexOf('/');
  if (slash < 0) return problem("no '/'");
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  const inAddress = addressProblem(address);
  if (inAddress !== undefined) return problem(inAddress);
  if (address.includes('%')) return problem('IPv6 zones cannot be present in a prefix');
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return problem(`bad bits after slash: ${goQuoted(bits)}`);
  return Number(bits) > (address.includes(':') ? 128 : 32) ? problem('prefix length out of range') : undefined;
}
