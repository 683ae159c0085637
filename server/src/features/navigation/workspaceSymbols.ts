/** Objects of the whole workspace by parts of their kind and name. */
import type { Snapshot } from '../../snapshot.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import type { WorkspaceSymbol } from '../feature.ts';

/** Editors show no more than a screenful, and ask again with every key. */
const most = 500;

export function provideWorkspaceSymbols({ index, graph }: Snapshot, query: string): readonly WorkspaceSymbol[] {
  const letters = query.toLowerCase().replace(/\s+/g, '');
  const found: WorkspaceSymbol[] = [];
  for (const { uri } of index.files()) {
    for (const object of graph.objectsIn(uri)) {
      const name = objectTitle(object);
      if (!containsInOrder(name.toLowerCase(), letters)) continue;
      const { start, end } = object.document;
      found.push({
        name,
        kind: 'object',
        location: { uri, range: { start, end }, selection: object.rangeFor('metadata.name') },
        ...(object.namespace ? { container: object.namespace } : {}),
      });
      if (found.length >= most) return found;
    }
  }
  return found;
}

function containsInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
