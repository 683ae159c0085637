/** The references that a kind declares at a place, whether or not something is written there yet. */
import type { Reference } from '#common/kinds/defineKind.ts';
import type { ManifestNode } from '#common/manifests/nodes.ts';
import { childOf, keyText } from '#common/manifests/nodes.ts';
import { referenceTrie, type TrieNode, withIndexes } from '../../workspace/referenceTrie.ts';
import type { CompletionPlace } from './place.ts';

export function referencesAt(
  { schema }: Pick<CompletionPlace, 'schema'>,
  path: readonly (string | number)[],
): readonly Reference[] {
  const definition = schema?.kind.definition;
  let at: TrieNode | undefined = definition && referenceTrie(definition);
  for (const step of path) at = typeof step === 'number' ? at?.items : (at?.fields.get(step) ?? at?.values);
  return at?.references ?? [];
}

/** A declared path (`spec.volumes[].secret.secretName`) beside the cursor: the same items of the lists around both. */
export function besideCursor(declared: string, path: readonly (string | number)[]): (string | number)[] {
  const indexes = path.filter((step) => typeof step === 'number');
  return withIndexes(declared, indexes).flatMap((step) =>
    step.kind === 'key' ? step.key : step.kind === 'index' ? step.index : [],
  );
}

/** Every node that a declared path leads to, through all items of its lists. */
export function nodesOfPath(root: ManifestNode | undefined, declared: string): ManifestNode[] {
  let nodes = root ? [root] : [];
  for (const step of declared.replaceAll('[]', '.[]').replaceAll('{}', '.{}').split('.')) {
    nodes = nodes.flatMap((node) => {
      if (step === '[]') return node.kind === 'sequence' ? node.items : [];
      if (step === '{}') return node.kind === 'map' ? node.pairs.map(({ value }) => value) : [];
      return childOf(node, step) ?? [];
    });
  }
  return nodes;
}

/** The texts under the keys of a map, or the keys themselves. */
export const keysOf = (node: ManifestNode | undefined): string[] =>
  node?.kind === 'map' ? node.pairs.map(({ key }) => keyText(key)) : [];
