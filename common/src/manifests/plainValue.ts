/** A tree as the plain JavaScript value that it stands for. `__proto__` is a key like any other. */
import { setOwn } from '#common/api/ownProperty.ts';
import { keyText, type ManifestNode } from './nodes.ts';

/** Made once per node and shared, so that many aliases of one node cost nothing. Not to be changed. */
export function plainValue(node: ManifestNode): unknown {
  if (node.kind === 'scalar') return node.value;
  const target = node.alias ?? node;
  if (target.kind === 'scalar') return target.value;
  if (target.plain !== undefined) return target.plain;
  if (target.kind === 'sequence') return (target.plain = target.items.map(plainValue));
  const object: Record<string, unknown> = {};
  for (const pair of target.pairs) {
    const key = keyText(pair.key);
    if (pair.merged && Object.hasOwn(object, key)) continue;
    setOwn(object, key, plainValue(pair.value));
  }
  return (target.plain = object);
}
