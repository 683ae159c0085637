/** From a label to the selectors that match by it: the other way round than from a selector to what it matches. */
import type { AtOffset, Location } from '../feature.ts';
import { occurrencesOf } from './occurrences.ts';
import { symbolAt } from './symbolAt.ts';

export const provideLabelDefinition: AtOffset<readonly Location[]> = (snapshot, file, offset) => {
  const symbol = symbolAt(snapshot, file, offset)?.symbol;
  if (symbol?.type !== 'label' || !('owner' in symbol.at)) return undefined;
  return occurrencesOf(snapshot, symbol)
    .filter(({ declares }) => !declares)
    .map(({ object, range }) => ({ uri: object.uri, range: object.document, selection: range }));
};
