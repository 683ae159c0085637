/** Base64 as Kubernetes reads it: padded, line breaks ignored, and the position of the first wrong byte in the message. */

const plain = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text as it is printed again (no line breaks, spare bits zero), or the byte where it stops being base64. */
export function canonicalBase64(text: string): string | { badByte: number } {
  if (plain.test(text)) return clearSpareBits(text);
  const badByte = firstBadByte(text);
  return badByte === undefined ? clearSpareBits(text.replace(/[\r\n]/g, '')) : { badByte };
}

/** The last character before the padding may carry bits that belong to no byte. */
function clearSpareBits(text: string): string {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (!padding) return text;
  const at = text.length - padding - 1;
  const value = alphabet.indexOf(text[at] ?? '');
  const clean = padding === 2 ? value & 0x30 : value & 0x3c;
  return value === clean ? text : `${text.slice(0, at)}${alphabet[clean]}${'='.repeat(padding)}`;
}

function firstBadByte(text: string): number | undefined {
  const bytes = new TextEncoder().encode(text);
  const isBreak = (byte: number | undefined): boolean => byte === 10 || byte === 13;
  let at = 0;
  for (;;) {
    // One quantum: four characters, or fewer and padding.
    for (let j = 0; j < 4; j++) {
      while (isBreak(bytes[at])) at++;
      if (at === bytes.length) return j === 0 ? undefined : at - j;
      const byte = bytes[at] ?? 0;
      at++;
      if (alphabet.includes(String.fromCharCode(byte))) continue;
      if (byte !== 61 || j < 2) return at - 1;
      if (j === 2) {
        while (isBreak(bytes[at])) at++;
        if (at === bytes.length) return at;
        if (bytes[at] !== 61) return at - 1;
        at++;
      }
      while (isBreak(bytes[at])) at++;
      return at < bytes.length ? at : undefined;
    }
  }
}
