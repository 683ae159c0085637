/** Where a hint stands. */
import type { ManifestNode, TextRange } from '#common/manifests/nodes.ts';

/** Behind a plain value. */
export const behind = ({ end }: TextRange): number => end;

/** Behind the name of a structure in block style, and behind the whole of one in flow style. */
export function behindName(text: string, node: ManifestNode): number {
  if (node.kind !== 'scalar' && node.flow) return node.end;
  if (node.parent?.kind !== 'pair') return node.start;
  const { key } = node.parent;
  const colon = text.indexOf(':', key.end);
  return colon < 0 ? key.end : colon + 1;
}
