/** `--sort-by`: numbers as numbers, amounts as amounts, texts by their letters; what lacks the field is first. */
import { findJsonPath } from '#common/api/jsonPath.ts';
import { parseQuantity, compareQuantities } from '#common/api/quantity.ts';
import { KubectlError } from '../kubectlError.ts';
import { relaxedPath } from './jsonPathTemplate.ts';

export function sortedBy<T>(items: readonly T[], field: string, objectOf: (item: T) => unknown): T[] {
  const path = relaxedPath(field);
  const keyed = items.map((item) => ({ item, key: findJsonPath(path, objectOf(item))[0] }));
  if (keyed.length > 0 && keyed.every(({ key }) => key === undefined)) {
    const shown = field.startsWith('{') ? field : `{${field.startsWith('.') ? '' : '.'}${field}}`;
    throw new KubectlError(`error: couldn't find any field with path ${JSON.stringify(shown)} in the list of objects`);
  }
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [String(a), String(b)];
  const [p, q] = [parseQuantity(x), parseQuantity(y)];
  if (p && q) return compareQuantities(p, q);
  return x < y ? -1 : x > y ? 1 : 0;
}
