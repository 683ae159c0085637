/** Find references, and the same places lit up in one file. */
import type { TextRange } from '#common/manifests/nodes.ts';
import type { AtOffset, Location } from '../feature.ts';
import { occurrencesOf } from './occurrences.ts';
import { symbolAt } from './symbolAt.ts';

export const provideReferences: AtOffset<readonly Location[]> = (snapshot, file, offset) => {
  const found = symbolAt(snapshot, file, offset);
  if (!found) return undefined;
  const isHere = (uri: string, { start }: TextRange): boolean => uri === file.uri && start === found.range.start;
  return occurrencesOf(snapshot, found.symbol)
    .filter(({ object, range }) => !isHere(object.uri, range))
    .map(({ object, range }) => ({ uri: object.uri, range }));
};

export const provideHighlights: AtOffset<readonly TextRange[]> = (snapshot, file, offset) => {
  const found = symbolAt(snapshot, file, offset);
  if (!found) return undefined;
  return occurrencesOf(snapshot, found.symbol)
    .filter(({ object }) => object.uri === file.uri)
    .map(({ range }) => range);
};
