/** JSON and YAML as kubectl prints them: fields by name, and in JSON what HTML would misread as escapes. */
import { isJsonObject } from '#common/api/ownProperty.ts';

const escapes = /[<>&\u2028\u2029]/g;
const escaped = (text: string): string =>
  text.replaceAll(escapes, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** On one line, without blanks. */
export const compactJson = (value: unknown): string => escaped(JSON.stringify(inOrder(value)) ?? 'null');

/** On many lines, four blanks deeper each. */
export const prettyJson = (value: unknown): string => `${escaped(JSON.stringify(inOrder(value), undefined, 4))}\n`;

/** The value with the fields of all its maps by name. A list of entries, since engines move keys that look like numbers. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(sortedEntries(value).map(([key, inner]) => [key, inOrder(inner)]));
}

export const sortedEntries = (value: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

export const yamlText = (value: unknown): string => {
  const lines: string[] = [];
  writeYaml(value, 0, lines);
  return `${lines.join('\n')}\n`;
};

/** Lists stand at the depth of their key, and an element's first field on the line of its dash. */
function writeYaml(value: unknown, depth: number, lines: string[]): void {
  const indent = ' '.repeat(depth);
  if (Array.isArray(value) && value.length > 0) {
    for (const item of value as unknown[]) {
      const inner: string[] = [];
      if (isBlock(item)) writeYaml(item, depth + 2, inner);
      else inner.push(`${indent}  ${scalar(item, depth + 2, depth + 2)}`);
      const [first = '', ...rest] = inner;
      lines.push(`${indent}- ${first.slice(depth + 2)}`, ...rest);
    }
  } else if (isJsonObject(value) && sortedEntries(value).length > 0) {
    for (const [key, inner] of naturalOrder(sortedEntries(value))) {
      const name = `${indent}${plainOrQuoted(key)}:`;
      if (!isBlock(inner)) lines.push(`${name} ${scalar(inner, depth + 2, name.length + 1)}`);
      else {
        lines.push(name);
        writeYaml(inner, Array.isArray(inner) ? depth : depth + 2, lines);
      }
    }
  } else lines.push(`${indent}${scalar(value, depth, depth)}`);
}

const isBlock = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;

/** Keys as a person counts: `a2` before `a10`, letters after everything else. */
function naturalOrder(entries: [string, unknown][]): [string, unknown][] {
  return entries.sort(([a], [b]) => compareNaturally(a, b));
}

function compareNaturally(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  let inDigits = false;
  for (let i = 0; i < x.length && i < y.length; i++) {
    const [c = '', d = ''] = [x[i], y[i]];
    if (c === d) {
      inDigits = isDigit(c);
      continue;
    }
    const [al, bl] = [isLetter(c), isLetter(d)];
    if (al && bl) return c < d ? -1 : 1;
    if (al || bl) return inDigits ? (al ? -1 : 1) : al ? 1 : -1;
    const [n, m] = [numberAt(x, i), numberAt(y, i)];
    if (c === '0' || d === '0') {
      const before = leadingNonZero(x, i);
      if (before) return n.length !== m.length ? n.length - m.length : Number(n) - Number(m);
    }
    if (Number(n) !== Number(m)) return Number(n) - Number(m);
    if (n.length !== m.length) return n.length - m.length;
    return c < d ? -1 : 1;
  }
  return x.length - y.length;
}

const isDigit = (c: string): boolean => c >= '0' && c <= '9';
const isLetter = (c: string): boolean => /\p{L}/u.test(c);
const numberAt = (text: readonly string[], from: number): string => {
  let end = from;
  while (end < text.length && isDigit(text[end] ?? '')) end++;
  return text.slice(from, end).join('');
};
const leadingNonZero = (text: readonly string[], at: number): boolean => {
  for (let i = at - 1; i >= 0 && isDigit(text[i] ?? ''); i--) if (text[i] !== '0') return true;
  return false;
};

/** `column` is where it begins; what goes on past `longestLine` is broken at a blank. */
function scalar(value: unknown, depth: number, column: number): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string')
    return value.includes('\n') ? literal(value, depth, column) : folded(plainOrQuoted(value), depth, column);
  if (Array.isArray(value)) return '[]';
  return typeof value === 'object' ? '{}' : numberText(value as number | boolean);
}

const longestLine = 80;

function folded(text: string, depth: number, column: number): string {
  if (column + text.length <= longestLine) return text;
  const quote = text[0] === '"' || text[0] === "'" ? 1 : 0;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const isBreak = text[i] === ' ' && text[i - 1] !== ' ' && text[i + 1] !== ' ' && column > longestLine;
    if (isBreak && i > quote && i < text.length - 1 - quote) {
      out += `\n${' '.repeat(depth)}`;
      column = depth;
    } else {
      out += text[i] ?? '';
      column++;
    }
  }
  return out;
}

const numberText = (value: number | boolean): string =>
  String(value).replace(/e\+?(-?)(\d)$/, (_, sign: string, digit: string) => `e${sign || '+'}0${digit}`);

function literal(text: string, depth: number, column: number): string {
  if (!/^[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\ud800-\udfff]*$/.test(text) || /^[\n ]*$/.test(text))
    return folded(doubleQuoted(text), depth, column);
  // Blanks at the end of a line would be lost to the eye: such texts are quoted.
  if (/ \n| $/.test(text)) return folded(doubleQuoted(text), depth, column);
  const body = text.replace(/\n+$/, '');
  const trailing = text.length - body.length;
  const chomp = trailing === 0 ? '-' : trailing === 1 ? '' : '+';
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const indented = (trailing > 1 ? text.slice(0, -1) : body).split('\n').map((line) => (line ? ' '.repeat(depth) + line : ''));
  return `|${hint}${chomp}\n${indented.join('\n')}`;
}

const otherTypes =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N|<<|[-+]?(?:\d[\d_]*|0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+)|[-+]?(?:\d[\d_]*)?\.?\d+(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*\.\d*(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$/;
const cannotBePlain = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^\s|\s$|: |:$| #|[\x00-\x1f\x7f]|^---|^\.\.\./;

function plainOrQuoted(text: string): string {
  if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]|\n|\t/.test(text)) return doubleQuoted(text);
  // What would be read as something else than text is in double quotes, what would not be read in single ones.
  if (otherTypes.test(text)) return doubleQuoted(text);
  return cannotBePlain.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

const doubleQuoted = (text: string): string =>
  `"${text.replaceAll(/["\\\x00-\x1f\x7f-\x9f\ufeff]/g, (c) => named[c] ?? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}"`;
const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '\x1b': '\\e',
  '\x07': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
  '\ufeff': '\\uFEFF',
};
