/** Values that a field's type knows: enumerations, booleans, what is assumed when nothing is written. */
import type { SchemaPlace } from '../../schema/schemaIndex.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { limited, valueItem } from './items.ts';
import { knownValues } from './knownValues.ts';
import { nodeAtPath, placeAt } from './place.ts';

export const provideValueCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  const at = place?.schema;
  if (place?.position !== 'value' || !at) return undefined;
  const known = knownValues(at.type, at.field, valuesOf(snapshot, at), snapshot.schema.defaultOf(at));
  if (!known) return undefined;
  const inList = typeof place.path.at(-1) === 'number';
  const list = inList ? nodeAtPath(place, place.path.slice(0, -1)) : undefined;
  const there = new Set(
    list?.kind === 'sequence'
      ? list.items.flatMap((item, i) => (item.kind === 'scalar' && i !== place.path.at(-1) ? [String(item.value)] : []))
      : [],
  );
  const values = known.values.filter((value) => !there.has(String(value)));
  const items = values.map((value, i) =>
    valueItem(place, value, 'enum', {
      sort: `${value === known.preset ? 0 : 1}${String(i).padStart(3, '0')}`,
      ...(value === known.preset ? { detail: snapshot.l10n.t('default') } : {}),
    }),
  );
  return limited(items, place.typed, ({ label }) => label);
};

/** Of a custom kind's schema numbers count too. */
function valuesOf({ schema }: Snapshot, at: SchemaPlace): readonly (string | number)[] {
  const numbers = (at.schema?.enum ?? []).filter((value): value is number => typeof value === 'number');
  return [...schema.enumOf(at), ...numbers];
}
