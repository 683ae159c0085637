/** How what is offered is written at the cursor: with the quotes, dashes, spaces and lines that the place asks for. */
import { type Completion, completionLimit } from '../feature.ts';
import { fits, type CompletionPlace } from './place.ts';

type Rest = Omit<Completion, 'label' | 'text' | 'range' | 'kind'>;

/** A list that is cut short keeps what typing has not ruled out. */
export function limited<T>(items: readonly T[], typed: string, labelOf: (item: T) => string): readonly T[] {
  if (items.length < completionLimit) return items;
  return items.filter((item) => fits(typed, labelOf(item))).slice(0, completionLimit);
}

/** What YAML would read as something other than a text. */
const notPlain =
  /^(?:true|false|yes|no|on|off|y|n|null|~|[-+]?(?:\.?\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|0x[\da-f]+|0o?[0-7]+|\.inf|\d{1,2}(?::\d{2})+|\d{4}-\d\d-\d\d.*)|\.nan|)$/i;

export function textValue(place: Pick<CompletionPlace, 'quote' | 'json' | 'flow'>, text: string): string {
  if (place.quote === '"') return JSON.stringify(text).slice(1, -1);
  if (place.quote === "'") return text.replaceAll("'", "''");
  if (place.json) return JSON.stringify(text);
  const special = /^[\s\-?:,[\]{}#&*!|>'"%@`]/.test(text) ? !/^[-?:]\S/.test(text) || place.flow : false;
  const inside = /:(?:\s|$)|\s#|[\n\r\t]|\s$/.test(text) || (place.flow && /[,[\]{}]/.test(text));
  return special || inside || notPlain.test(text) ? JSON.stringify(text) : text;
}

/** A key stands in quotes only where it must. */
const keyText = (place: CompletionPlace, key: string): string =>
  place.quote === "'"
    ? `'${key.replaceAll("'", "''")}'`
    : place.quote || place.json
      ? JSON.stringify(key)
      : textValue(place, key);

/** A value; a number or boolean is written as such. */
export function valueItem(
  place: CompletionPlace,
  value: string | number | boolean,
  kind: Completion['kind'],
  rest: Rest & { readonly label?: string } = {},
): Completion {
  const text = typeof value === 'string' ? textValue(place, value) : String(value);
  const { label = String(value), ...others } = rest;
  return { label, kind, range: place.range, text: `${place.lead}${text}`, ...others };
}

export type Shape = 'scalar' | 'map' | 'list' | 'mapList';

/**
 * A key, with the beginning of its value. Where the key stands already and only its name is typed anew, the name alone is
 * replaced.
 */
export function keyItem(
  place: CompletionPlace,
  key: string,
  shape: Shape,
  kind: Completion['kind'],
  rest: Rest & { readonly value?: string } = {},
): Completion {
  const { value, ...others } = rest;
  const range = keyRange(place);
  const written = keyText(place, key);
  const base = { label: key, kind, range, ...(place.quote ? { filter: `${place.quote}${key}` } : {}), ...others };
  if (/^\s*:/.test(place.file.text.slice(range.end, range.end + 3))) return { ...base, text: written };
  const lead = `${place.lead}${written}:`;
  if (value !== undefined) return { ...base, text: `${lead} ${value}` };
  if (place.json || place.flow) {
    const stop = { scalar: place.json ? '' : '$0', map: '{$0}', list: '[$0]', mapList: '[{$0}]' }[shape];
    return { ...base, text: `${escapeStops(lead)} ${stop}`, snippet: stop !== '' };
  }
  const inner = `${place.newline}${' '.repeat(place.column + 2)}`;
  const opening = { scalar: ' ', map: inner, list: `${inner}- `, mapList: `${inner}- ` }[shape];
  return { ...base, text: `${lead}${opening}` };
}

/** The word with its quotes, which are written anew. */
function keyRange({ range, quote, file }: CompletionPlace): { start: number; end: number } {
  if (!quote) return range;
  return { start: range.start - 1, end: file.text[range.end] === quote ? range.end + 1 : range.end };
}

/** Text inside a snippet that is no tab stop. */
export const escapeStops = (text: string): string => text.replace(/[$\\}]/g, '\\$&');

/** Several lines of block style at the cursor: each but the first is indented as the place's keys are. */
export function blockItem(
  place: CompletionPlace,
  label: string,
  lines: string,
  rest: Rest & { readonly kind?: Completion['kind'] } = {},
): Completion {
  const { kind = 'snippet', ...others } = rest;
  const indented = lines
    .trimEnd()
    .split('\n')
    .join(`${place.newline}${' '.repeat(place.column)}`);
  return { label, kind, range: place.range, text: `${place.lead}${indented}`, ...others };
}
