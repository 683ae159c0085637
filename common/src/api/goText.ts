/** Values as the API's messages print them, where Kubernetes hands them to Go's `%v` and `%T`. */
import { isJsonObject } from './ownProperty.ts';

/** `map[a:1 b:[x y]]`: keys sorted, strings bare, null as `<nil>`. */
export function goValueText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValueText).join(' ')}]`;
  if (isJsonObject(value)) {
    const entries = Object.keys(value).sort();
    return `map[${entries.map((key) => `${key}:${goValueText(value[key])}`).join(' ')}]`;
  }
  return String(value);
}

/** The type that Go's JSON decoding gives a value: `string`, `int64`, `map[string]interface {}` … */
export function goTypeText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    default:
      return 'map[string]interface {}';
  }
}

/** What Go's JSON library calls a value in its complaints: `cannot unmarshal number into …`. */
export function jsonKindText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const goEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"',
}; // prettier-ignore

/** A text in quotes as Go's `%q` writes it: what cannot be printed is escaped. */
export function goQuoted(text: string): string {
  const inner = text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\\"]/gu, (character) => {
    const known = goEscapes[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
  return `"${inner}"`;
}
