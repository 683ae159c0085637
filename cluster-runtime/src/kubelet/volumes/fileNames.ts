/**
 * The names that a volume's files have on the real disk. Whatever a container calls its files, what comes out is one
 * plain name that means the same on every operating system: no separator, no `..`, no reserved word. Decoding gives the
 * container's name back.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const plain = /^[A-Za-z0-9_.-]$/;
/** Names that mean devices on Windows, with any extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const foldsCase = process.platform === 'win32' || process.platform === 'darwin';
/** What most file systems allow for one name, in bytes. */
const longestName = 255;

const escape = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** Throws RangeError for a name that no file system would take. */
export function encodeName(name: string): string {
  let encoded = '';
  for (const byte of encoder.encode(name)) {
    const char = String.fromCharCode(byte);
    const keep = plain.test(char) && !(foldsCase && char >= 'A' && char <= 'Z');
    encoded += keep ? char : escape(byte);
  }
  // Escaping the first and the last character takes `.`, `..`, reserved words and trailing dots in.
  if (reserved.test(encoded) || encoded.startsWith('.')) encoded = escape(encoded.charCodeAt(0)) + encoded.slice(1);
  if (encoded.endsWith('.')) encoded = `${encoded.slice(0, -1)}%2E`;
  if (encoded === '' || encoded.length > longestName) throw new RangeError(`no name for a file: ${JSON.stringify(name)}`);
  return encoded;
}

/** Undefined for a name that `encodeName` does not give. */
export function decodeName(encoded: string): string | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < encoded.length; i++) {
    if (encoded[i] !== '%') {
      bytes.push(encoded.charCodeAt(i));
      continue;
    }
    const hex = encoded.slice(i + 1, i + 3);
    if (!/^[0-9A-F]{2}$/.test(hex)) return undefined;
    bytes.push(Number.parseInt(hex, 16));
    i += 2;
  }
  return decoder.decode(new Uint8Array(bytes));
}

/** A path of a volume below a real folder. */
export const encodePath = (path: string): string[] => path.split('/').filter(Boolean).map(encodeName);
