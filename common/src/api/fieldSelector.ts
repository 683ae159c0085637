/** Field selectors: `metadata.name=x,spec.nodeName!=y`, matched against the few fields that a kind declares. */
import { badRequest } from './status.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  readonly isEmpty: boolean;
  /** The canonical form: `metadata.name=x,spec.nodeName!=y`. */
  readonly text: string;
  /** A field that `fields` lacks counts as empty. */
  matches(fields: Readonly<Record<string, string>>): boolean;
  /** The one value that `field` must have, if the selector asks for one: what an index can be asked for. */
  requiredValue(field: string): string | undefined;
}

const operators = ['!=', '==', '='] as const;

/** The terms between commas; a comma or an equals sign after a backslash belongs to a value. */
function termsOf(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms.filter((term) => term !== '');
}

function unescapeValue(escaped: string): string {
  if (!/[\\,=]/.test(escaped)) return escaped;
  let value = '';
  for (let i = 0; i < escaped.length; i++) {
    const char = escaped[i] ?? '';
    if (char === '\\') {
      const next = escaped[++i] ?? '';
      if (next === '' || !'\\,='.includes(next)) throw badRequest(`invalid field selector: invalid escape sequence: \\${next}`);
      value += next;
    } else if (char === ',' || char === '=') {
      throw badRequest(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    } else value += char;
  }
  return value;
}

export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, (char) => `\\${char}`);

function requirementOf(term: string, whole: string): FieldRequirement {
  for (let i = 0; i < term.length; i++) {
    const operator = operators.find((candidate) => term.startsWith(candidate, i));
    if (!operator) continue;
    const value = unescapeValue(term.slice(i + operator.length));
    return { field: term.slice(0, i), operator: operator === '!=' ? '!=' : '=', value };
  }
  throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
}

export function fieldSelectorOf(requirements: readonly FieldRequirement[]): FieldSelector {
  return {
    requirements,
    isEmpty: requirements.length === 0,
    text: requirements.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(','),
    matches: (fields) =>
      requirements.every(({ field, operator, value }) => {
        const actual = Object.hasOwn(fields, field) ? (fields[field] ?? '') : '';
        return (actual === value) === (operator === '=');
      }),
    requiredValue: (field) => requirements.find((r) => r.field === field && r.operator === '=')?.value,
  };
}

export const anyFields: FieldSelector = fieldSelectorOf([]);

/** The selector that `text` stands for. Throws a 400 with Kubernetes' words when it cannot be read. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements = termsOf(text).map((term) => requirementOf(term, text));
  return requirements.length === 0 ? anyFields : fieldSelectorOf(requirements);
}
