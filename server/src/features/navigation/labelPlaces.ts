/** Where labels stand: in metadata, and in both forms of selectors. */
import { childOf, keyText, type ManifestNode, type ScalarNode } from '#common/manifests/nodes.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import type { SelectorLink } from '../../workspace/links.ts';

/** A label's key and value in a text. An expression has one place for its key and one for each of its values. */
export interface LabelPlace {
  readonly key: ScalarNode;
  readonly value: ScalarNode;
  readonly label: string;
  readonly text: string;
}

export const labelsOfOwner = ({ object, metadataPath }: LabelOwner): LabelPlace[] =>
  pairPlaces(object.document.nodeFor(`${metadataPath}.labels`));

export function labelsOfSelector({ from, path, reference }: SelectorLink): LabelPlace[] {
  const node = from.document.nodeFor(path);
  if (reference.type === 'selector' && reference.form === 'map') return pairPlaces(node);
  return [...pairPlaces(childOf(node, 'matchLabels')), ...expressionPlaces(childOf(node, 'matchExpressions'))];
}

function pairPlaces(node: ManifestNode | undefined): LabelPlace[] {
  if (node?.kind !== 'map') return [];
  return node.pairs.flatMap(({ key, value, merged }) =>
    merged || value.kind !== 'scalar' ? [] : [{ key, value, label: keyText(key), text: String(value.value ?? '') }],
  );
}

function expressionPlaces(node: ManifestNode | undefined): LabelPlace[] {
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item) => {
    const [key, values] = [childOf(item, 'key'), childOf(item, 'values')];
    if (key?.kind !== 'scalar' || values?.kind !== 'sequence') return [];
    return values.items.flatMap((value) =>
      value.kind === 'scalar' ? [{ key, value, label: String(key.value), text: String(value.value) }] : [],
    );
  });
}
