/**
 * What a plain YAML scalar means: YAML 1.1 without its dates and its base-60 numbers, as Kubernetes' parser reads it
 * (`yes` is true, `0755` is octal, `0o17` too).
 */
import type { Tags } from 'yaml';
import type { ScalarValue } from './nodes.ts';

const nothing = /^(?:~|[Nn]ull|NULL)?$/;
const yes = /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const no = /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const integers: readonly (readonly [RegExp, number, number])[] = [
  [/^[-+]?0b[0-1_]+$/, 2, 2],
  [/^[-+]?0[0-7_]+$/, 1, 8],
  [/^[-+]?[0-9][0-9_]*$/, 0, 10],
  [/^[-+]?0x[0-9a-fA-F_]+$/, 2, 16],
  [/^0o[0-7]+$/, 2, 8],
];
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const float = /^[-+]?(?:(?:[0-9][0-9_]*)?\.[0-9_]*|(?:[0-9][0-9_]*)(?:\.[0-9_]*)?[eE][-+]?[0-9]+|\.[0-9_]+[eE][-+]?[0-9]+)$/;
/** Whatever starts otherwise is text. */
const special = /^[-+.\d~nNyYtTfFoO]/;

export function plainScalarValue(text: string): ScalarValue {
  if (text === '') return null;
  if (!special.test(text)) return text;
  if (nothing.test(text)) return null;
  if (yes.test(text)) return true;
  if (no.test(text)) return false;
  for (const [pattern, skip, radix] of integers) if (pattern.test(text)) return integer(text, skip, radix);
  if (notFinite.test(text)) {
    if (/nan/i.test(text)) return NaN;
    return text.startsWith('-') ? -Infinity : Infinity;
  }
  // A lone dot or sign is text.
  return float.test(text) && /\d/.test(text) ? Number(text.replaceAll('_', '')) : text;
}

function integer(text: string, skip: number, radix: number): number {
  const negative = text.startsWith('-');
  const digits = text.slice((negative || text.startsWith('+') ? 1 : 0) + skip).replaceAll('_', '');
  const value = radix === 10 ? Number(digits) : Number.parseInt(digits, radix);
  return negative ? -value : value;
}

type YamlTag = Extract<Tags[number], object>;

const octal: YamlTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0o[0-7]+$/,
  resolve: (text: string) => parseInt(text.slice(2), 8),
};

/** The same rules for the `yaml` package, whose version must be set to 1.1. */
export const kubernetesTags = (tags: Tags): Tags => [
  ...tags.filter(
    (tag) => typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME')),
  ),
  octal,
];
