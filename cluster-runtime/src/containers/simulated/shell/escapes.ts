/** Backslash escapes of `echo` and `printf`. */

const simple: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
};

/** `stopped`: `\c` was met, after which nothing more is printed. */
export function unescape(text: string, octalNeedsZero: boolean): { text: string; stopped: boolean } {
  let stopped = false;
  const cut = text.search(/(?<=^(?:[^\\]|\\[^c])*)\\c/);
  if (cut >= 0) {
    stopped = true;
    text = text.slice(0, cut);
  }
  const octal = octalNeedsZero ? '0[0-7]{0,3}' : '[0-7]{1,3}';
  const pattern = new RegExp(`\\\\(?:(${octal})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([^]))`, 'g');
  const out = text.replace(
    pattern,
    (whole, oct: string | undefined, hex: string | undefined, unicode: string | undefined, char: string | undefined) => {
      if (oct !== undefined) return String.fromCharCode(parseInt(oct, 8) & 0xff);
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (unicode !== undefined) return String.fromCodePoint(parseInt(unicode, 16));
      return simple[char ?? ''] ?? whole;
    },
  );
  return { text: out, stopped };
}
