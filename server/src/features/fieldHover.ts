/** Hover on a field: what it is, its type, what it is when absent, what it may be. */
import type { SchemaType } from '#common/api/schemaType.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import { stepsText } from '#common/manifests/fieldSteps.ts';
import type { AtOffset, Hover } from './feature.ts';

export const provideFieldHover: AtOffset<Hover> = async (snapshot, file, offset) => {
  const document = documentAt(file, offset);
  const at = document?.nodeAt(offset);
  const pair = at?.onKey && at.node.parent?.kind === 'pair' ? at.node.parent : undefined;
  if (!document || !at || !pair) return undefined;
  const path = document.pathOf(at.node);
  const { schema } = snapshot;
  const place = schema.at(document, path);
  if (!place) return undefined;
  const range = { start: pair.key.start, end: pair.key.end };
  const text = await schema.describe(place);
  const facts = [`\`${typeText(place.type)}\``];
  if (place.field?.required) facts.push('required');
  const value = schema.defaultOf(place);
  if (value !== undefined) facts.push(`default \`${JSON.stringify(value)}\``);
  const values = schema.enumOf(place);
  const lines = [`**${stepsText(path)}** · ${facts.join(' · ')}`];
  if (text) lines.push(text);
  if (values.length > 0) lines.push(`One of ${values.map((each) => `\`${each}\``).join(', ')}`);
  return { range, markdown: lines.join('\n\n') };
};

/** A type in a few words: `list of Container`, `map of string`. */
export function typeText(type: SchemaType): string {
  switch (type.kind) {
    case 'struct':
      return type.untyped ? 'any' : (type.name.split('.').at(-1) ?? '') || 'object';
    case 'list':
      return `list of ${typeText(type.item)}`;
    case 'map':
      return `map of ${typeText(type.value)}`;
    default:
      return words[type.kind] ?? type.kind;
  }
}
const words: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  float: 'number',
  double: 'number',
  intOrString: 'integer or string',
  microTime: 'time',
  bytes: 'base64',
};
