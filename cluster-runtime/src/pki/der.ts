/** DER, as much of it as an X.509 certificate takes: values are put together from the inside out. */

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  generalizedTime: 0x18,
  utcTime: 0x17,
} as const;

function value(type: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([type, length]), content]);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.concat([Buffer.from([type, 0x80 | digits.length, ...digits]), content]);
}

export const sequence = (...items: Buffer[]): Buffer => value(tag.sequence, Buffer.concat(items));
export const set = (...items: Buffer[]): Buffer => value(tag.set, Buffer.concat(items));
export const utf8 = (text: string): Buffer => value(tag.utf8, Buffer.from(text, 'utf8'));
export const octetString = (content: Buffer): Buffer => value(tag.octetString, content);
export const bitString = (content: Buffer, unusedBits = 0): Buffer =>
  value(tag.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));
export const truth = (): Buffer => value(tag.boolean, Buffer.from([0xff]));
/** `[n]` around other values. */
export const explicit = (n: number, content: Buffer): Buffer => value(0xa0 | n, content);
/** `[n]` in place of the type's own tag. */
export const implicit = (n: number, content: Buffer): Buffer => value(0x80 | n, content);

/** A whole number from its bytes, most significant first. */
export function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  // A leading one bit would make it negative.
  return value(tag.integer, (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** `1.2.840.10045.4.3.2` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return value(tag.oid, Buffer.from(bytes));
}

/** Years up to 2049 have two digits, later ones four. */
export function time(milliseconds: number): Buffer {
  const text = `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const short = text < '20500101';
  return value(short ? tag.utcTime : tag.generalizedTime, Buffer.from(short ? text.slice(2) : text, 'latin1'));
}

export const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
