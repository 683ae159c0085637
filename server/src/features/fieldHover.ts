/** Hover on a field: what it is, its type, what it is when absent, what it may be. */
import type { SchemaType } from '#common/api/schemaType.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import { stepsText } from '#common/manifests/fieldSteps.ts';
import type { L10n, ServerText } from '../l10n.ts';
import type { AtOffset, Hover } from './feature.ts';

export const provideFieldHover: AtOffset<Hover> = async (snapshot, file, offset) => {
  const document = documentAt(file, offset);
  const at = document?.nodeAt(offset);
  const pair = at?.onKey && at.node.parent?.kind === 'pair' ? at.node.parent : undefined;
  if (!document || !at || !pair) return undefined;
  const path = document.pathOf(at.node);
  const { schema, l10n } = snapshot;
  const place = schema.at(document, path);
  if (!place) return undefined;
  const range = { start: pair.key.start, end: pair.key.end };
  const text = await schema.describe(place);
  const facts = [`\`${typeText(place.type, l10n)}\``];
  if (place.field?.required) facts.push(l10n.t('required'));
  const value = schema.defaultOf(place);
  if (value !== undefined) facts.push(l10n.t('default {0}', `\`${JSON.stringify(value)}\``));
  const values = schema.enumOf(place);
  const lines = [`**${stepsText(path)}** · ${facts.join(' · ')}`];
  if (text) lines.push(text);
  if (values.length > 0) lines.push(l10n.t('One of {0}', l10n.list(values.map((each) => `\`${each}\``))));
  return { range, markdown: lines.join('\n\n') };
};

/** A type in a few words: `list of Container`, `map of string`. */
export function typeText(type: SchemaType, l10n: L10n): string {
  switch (type.kind) {
    case 'struct':
      return type.untyped ? l10n.t('any') : (type.name.split('.').at(-1) ?? '') || l10n.t('object');
    case 'list':
      return l10n.t('list of {0}', typeText(type.item, l10n));
    case 'map':
      return l10n.t('map of {0}', typeText(type.value, l10n));
    default:
      return l10n.t(words[type.kind]);
  }
}
const words: Readonly<Record<Exclude<SchemaType['kind'], 'struct' | 'list' | 'map'>, ServerText>> = {
  any: 'any',
  boolean: 'boolean',
  string: 'string',
  int32: 'integer',
  int64: 'integer',
  float: 'number',
  double: 'number',
  intOrString: 'integer or string',
  quantity: 'quantity',
  time: 'time',
  microTime: 'time',
  duration: 'duration',
  bytes: 'base64',
  fieldsV1: 'object',
};
