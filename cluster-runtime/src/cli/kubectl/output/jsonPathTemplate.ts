/** `-o jsonpath=…`: text with `{paths}`, `{"literals"}` and `{range …}…{end}`, filled in from an object. */
import { findJsonPath, type JsonPath, parseJsonPath } from '#common/api/jsonPath.ts';
import { plainError } from '../kubectlError.ts';
import { compactJson } from './jsonText.ts';

type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly path: JsonPath }
  | { readonly type: 'range'; readonly path: JsonPath; readonly parts: Part[] };

export function parseTemplate(template: string): (value: unknown) => string {
  const parts: Part[] = [];
  const open: Part[][] = [parts];
  const fail = (why: string): Error => plainError(`error parsing jsonpath ${template}, ${why}`);
  const path = (text: string): JsonPath => parseJsonPath(text) ?? raise(fail(`unrecognized path ${text}`));
  let rest = template;
  while (rest !== '') {
    const at = rest.indexOf('{');
    if (at !== 0) {
      open.at(-1)?.push({ type: 'text', text: at < 0 ? rest : rest.slice(0, at) });
      rest = at < 0 ? '' : rest.slice(at);
      continue;
    }
    const end = closingBrace(rest);
    if (end < 0) throw fail('unclosed action');
    const inner = rest.slice(1, end).trim();
    rest = rest.slice(end + 1);
    const range = /^range\s+(.*)$/s.exec(inner)?.[1];
    if (range !== undefined) {
      const part: Part = { type: 'range', path: path(range.trim()), parts: [] };
      open.at(-1)?.push(part);
      open.push(part.parts);
    } else if (inner === 'end') {
      if (open.length === 1) throw fail('not in range, nothing to end');
      open.pop();
    } else if (/^["']/.test(inner)) open.at(-1)?.push({ type: 'text', text: unquoted(inner) });
    else for (const piece of words(inner)) open.at(-1)?.push({ type: 'path', path: path(piece) });
  }
  return (value) => fill(parts, value);
}

function raise(error: Error): never {
  throw error;
}

/** Braces in quotes do not count. */
function closingBrace(text: string): number {
  let quote = '';
  for (let i = 1; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quote) {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}') return i;
  }
  return -1;
}

/** Blanks part paths, except inside brackets. */
const words = (text: string): string[] => text.match(/(?:\[(?:"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[^\]])*\]|[^\s[])+/g) ?? [];

const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);

function fill(parts: readonly Part[], value: unknown): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      const found = findJsonPath(part.path, value);
      return part.type === 'path' ? found.map(valueText).join(' ') : found.map((item) => fill(part.parts, item)).join('');
    })
    .join('');
}

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : typeof value === 'object' ? compactJson(value) : String(value);

/** A path as people write it where only a path is wanted: `{.a.b}`, `.a.b` or `a.b`. */
export function relaxedPath(text: string): JsonPath {
  const inner = text.replace(/^\{(.*)\}$/s, '$1');
  const path = parseJsonPath(/^[.[$@]/.test(inner) ? inner : `.${inner}`);
  if (!path)
    throw plainError(`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`);
  return path;
}
