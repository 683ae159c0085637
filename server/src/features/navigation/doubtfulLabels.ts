/**
 * Where else the label that is renamed stands, though nothing links it to what is renamed: on a workload's or a Service's own
 * metadata, on what no selector asks by it, in a selector that finds nothing, in a patch. Only in the namespaces of the rename;
 * the person decides.
 */
import type { Snapshot } from '../../snapshot.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { labelsOfOwner, labelsOfSelector, type LabelPlace } from './labelPlaces.ts';
import type { LabelSymbol, Occurrence } from './symbol.ts';
import { wordOf } from './symbolAt.ts';

export function doubtfulLabels(
  { index, graph }: Pick<Snapshot, 'index' | 'graph'>,
  { key, value, part }: LabelSymbol,
  certain: readonly Occurrence[],
): Occurrence[] {
  const namespaces = new Set(certain.map(({ object }) => object.namespace));
  const taken = new Set(certain.map(({ object, range }) => placeOf(object.uri, range.start)));
  const found: Occurrence[] = [];
  const take = (object: ManifestObject, places: readonly LabelPlace[], declares: boolean): void => {
    for (const { label, text, ...nodes } of places) {
      const node = nodes[part];
      if (label !== key || text !== value || node.templated) continue;
      const range = wordOf(node);
      const place = placeOf(object.uri, range.start);
      if (taken.has(place)) continue;
      taken.add(place);
      found.push({ object, range, declares });
    }
  };
  for (const { uri } of index.files()) {
    for (const object of graph.objectsIn(uri)) {
      if (!namespaces.has(object.namespace)) continue;
      for (const owner of object.owners) take(object, labelsOfOwner(owner), true);
      for (const link of object.links) if (link.type === 'selector') take(object, labelsOfSelector(link), false);
    }
  }
  return found;
}

const placeOf = (uri: string, start: number): string => `${start} ${uri}`;
