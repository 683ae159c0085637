/** Namespaces: those that are there, and those that manifests of the workspace are in. */
import type { AtOffset, Completion } from '../feature.ts';
import { candidatesOf } from './candidates.ts';
import { limited, valueItem } from './items.ts';
import { placeAt } from './place.ts';
import { referencesAt } from './referencesAt.ts';

const namespaceKind = { group: '', kind: 'Namespace' };

export const provideNamespaceCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value' || !place.schema || place.schema.type.kind !== 'string') return undefined;
  const field = place.path.at(-1);
  const inList = typeof field === 'number' && place.path.at(-2) === 'namespaces';
  if (field !== 'namespace' && !inList) return undefined;
  if (referencesAt(place, place.path).length > 0) return undefined;
  // The metadata of what is in no namespace has none.
  if (place.path.length === 2 && place.path[0] === 'metadata' && place.gvk && !snapshot.schema.kinds.isNamespaced(place.gvk))
    return undefined;
  const items = candidatesOf(snapshot, namespaceKind, '', place.typed).map(({ name, from, inWorkspace, live }) =>
    valueItem(place, name, 'reference', { detail: `Namespace · ${from}`, sort: `${inWorkspace ? 0 : live ? 1 : 2}${name}` }),
  );
  return limited(items, place.typed, ({ label }) => label);
};
