/**
 * The formats that Kubernetes checks in the strings of custom resources. All others (and `password`) accept everything.
 * What each takes for valid is what the API server's checks take for valid, oddities included.
 */
import { dns1123LabelErrors, dns1123SubdomainErrors } from './names.ts';
import { parseCidr, parseIp } from './looseIpAddress.ts';

/** Whether `value` has the format; undefined for a format that is not checked. Dashes in the name do not count. */
export function hasFormat(format: string, value: string): boolean | undefined {
  const name = format.replaceAll('-', '');
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  return check?.(value);
}

const pattern =
  (regex: RegExp): ((value: string) => boolean) =>
  (value) =>
    regex.test(value);

const hex = '[0-9a-f]';
const uuidOf = (version: string, variant: string): RegExp =>
  new RegExp(`^${hex}{8}-?${hex}{4}-?${version}${hex}{3}-?${variant}${hex}{3}-?${hex}{12}$`, 'i');
const colourPart = '\\s*(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])\\s*';

const checks: Readonly<Record<string, (value: string) => boolean>> = {
  bsonobjectid: pattern(/^[0-9a-fA-F]{24}$/),
  byte: pattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
  cidr: (value) => parseCidr(value),
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: isEmail,
  hexcolor: pattern(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname: isHostname,
  ipv4: (value) => parseIp(value) && value.includes('.'),
  ipv6: (value) => parseIp(value) && value.includes(':'),
  isbn: (value) => isIsbn10(value) || isIsbn13(value),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  k8slongname: (value) => dns1123SubdomainErrors(value).length === 0,
  k8sshortname: (value) => dns1123LabelErrors(value).length === 0,
  mac: isMac,
  rgbcolor: pattern(new RegExp(`^rgb\\(${colourPart},${colourPart},${colourPart}\\)$`)),
  ssn: pattern(/^\d{3}[- ]\d{2}[- ]\d{4}$/),
  uri: isUri,
  uuid: pattern(uuidOf(hex, hex)),
  uuid3: pattern(uuidOf('3', hex)),
  uuid4: pattern(uuidOf('4', '[89ab]')),
  uuid5: pattern(uuidOf('5', '[89ab]')),
};

function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

function isDateTime(value: string): boolean {
  const [date = '', time, ...more] = value.toLowerCase().split('t');
  if (time === undefined || more.length > 0 || !isDate(date)) return false;
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.test(time);
}

const durationUnits = ['nano', 'micro', 'milli', 'second', 'min', 'minute', 'hr', 'hour', 'day', 'wk', 'week'];
const shortUnits = new Set(['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h', 'd', 'w']);

/** Go's text, or a number with a unit anywhere in it: `3 weeks`, `P1D`. */
function isDuration(value: string): boolean {
  if (/^[+-]?0$/.test(value)) return true;
  for (const [, unit = ''] of value.toLowerCase().matchAll(/\d+\s*([a-zµμ]+)/g)) {
    if (shortUnits.has(unit) || durationUnits.some((name) => unit.startsWith(name))) return true;
  }
  return false;
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\u{10ffff}-]+";
const dotAtom = `${atom}(?:\\.${atom})*`;
const mailbox = `(?:${dotAtom}|"(?:[^"\\\\]|\\\\.)*")@(?:${dotAtom}|\\[[^\\]]*\\])`;
const emailPattern = new RegExp(`^\\s*(?:${mailbox}|(?:"(?:[^"\\\\]|\\\\.)*"|[^<>@,;:]*)\\s*<${mailbox}>)\\s*$`, 'u');

function isEmail(value: string): boolean {
  return emailPattern.test(value);
}

const hostnamePattern =
  /^([a-zA-Z0-9\p{S}\p{L}](-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?|([a-zA-Z0-9\p{S}\p{L}]([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})$/u;

function isHostname(value: string): boolean {
  return value.length <= 255 && hostnamePattern.test(value) && value.split('.').every((label) => label.length <= 63);
}

function isMac(value: string): boolean {
  if (/^(?:[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{40})$/i.test(value)) return true;
  for (const [separator, digits] of [
    [':', 2],
    ['-', 2],
    ['.', 4],
  ] as const) {
    const groups = value.split(separator);
    const bytes = (groups.length * digits) / 2;
    if ([6, 8, 20].includes(bytes) && groups.every((group) => group.length === digits && /^[0-9a-f]+$/i.test(group))) return true;
  }
  return false;
}

/** An absolute URI, or an absolute path. */
function isUri(value: string): boolean {
  if (/[\x00-\x1f\x7f]/.test(value)) return false;
  const [, scheme, opaque = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(value) ?? [];
  const rest = scheme === undefined ? value : opaque;
  if (!rest.startsWith('/')) return scheme !== undefined || value === '*';
  const [, authority = '', path = ''] = /^(?:\/\/([^/?#]*))?(.*)$/s.exec(rest) ?? [];
  if (/%(?![0-9a-fA-F]{2})/.test(path.split('?')[0] ?? '')) return false;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return /^(?:\[[^\]]*\]|[^\s"<>^`{|}\\[\]:]*)(?::\d*)?$/.test(host);
}

const digitsOf = (value: string): number[] => [...value].map((digit) => (digit === 'X' ? 10 : Number(digit)));

function isIsbn10(value: string): boolean {
  const plain = value.replace(/[\s-]+/g, '');
  if (!/^\d{9}[\dX]$/.test(plain)) return false;
  return digitsOf(plain).reduce((sum, digit, i) => sum + digit * (i + 1), 0) % 11 === 0;
}

function isIsbn13(value: string): boolean {
  const plain = value.replace(/[\s-]+/g, '');
  if (!/^\d{13}$/.test(plain)) return false;
  return digitsOf(plain).reduce((sum, digit, i) => sum + digit * (i % 2 ? 3 : 1), 0) % 10 === 0;
}

/** Number ranges of the issuers. */
const cards =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|6(?:011|5\d\d)\d{12}|6[27]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

function isCreditCard(value: string): boolean {
  const plain = value.replace(/[^0-9]+/g, '');
  if (!cards.test(plain)) return false;
  const sum = digitsOf(plain)
    .reverse()
    .reduce((total, digit, i) => total + (i % 2 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit), 0);
  return sum % 10 === 0;
}
