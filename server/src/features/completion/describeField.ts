/** The documentation of a field, for an item of completion that somebody looks at. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { L10n } from '../../l10n.ts';
import type { SchemaIndex } from '../../schema/schemaIndex.ts';
import type { FieldOfKind } from '../feature.ts';

/** `data` went out with the item and came back from the client: it may be anything. */
export async function describeField(schema: SchemaIndex, data: unknown, l10n: L10n): Promise<string | undefined> {
  if (!isFieldOfKind(data)) return undefined;
  const place = schema.atKind(data.gvk, data.path);
  if (!place) return undefined;
  const text = await schema.describe(place);
  const values = schema.enumOf(place).filter((value) => value !== '');
  const preset = schema.defaultOf(place);
  const lines = [
    ...(text ? [text] : []),
    ...(values.length > 0 ? [l10n.t('One of {0}', l10n.list(values.map((value) => `\`${value}\``)))] : []),
    ...(preset === undefined ? [] : [l10n.t('Default: {0}', `\`${JSON.stringify(preset)}\``)]),
  ];
  return lines.length > 0 ? lines.join('\n\n') : undefined;
}

function isFieldOfKind(data: unknown): data is FieldOfKind {
  if (!isJsonObject(data) || !isJsonObject(data['gvk']) || !Array.isArray(data['path'])) return false;
  const { group, version, kind } = data['gvk'];
  return (
    [group, version, kind].every((each) => typeof each === 'string') &&
    data['path'].every((step: unknown) => typeof step === 'string' || typeof step === 'number')
  );
}
