/** Go to definition: where a name, a key, a port or a selector leads. */
import type { AtOffset, Location } from './feature.ts';

export const provideLinkDefinition: AtOffset<readonly Location[]> = ({ graph }, file, offset) => {
  const link = graph.linkAt(file, offset);
  if (!link) return undefined;
  return graph.targetsOf(link).map(({ object, range }) => ({ uri: object.uri, range: object.document, selection: range }));
};
