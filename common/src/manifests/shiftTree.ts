/** A tree moved by some characters: what an edit above a document does to it. Shared parts stay shared. */
import type { ManifestNode, MapNode, Mutable, Pair, ScalarNode, SequenceNode } from './nodes.ts';

export function shiftTree(root: ManifestNode, by: number): ManifestNode {
  return by === 0 ? root : new Shifter(by).node(root);
}

class Shifter {
  readonly #by: number;
  readonly #moved = new Map<object, object>();

  constructor(by: number) {
    this.#by = by;
  }

  node(node: ManifestNode): ManifestNode {
    // Only what has an anchor can be reached twice.
    if (node.anchor !== undefined) {
      const known = this.#moved.get(node);
      if (known) return known as ManifestNode;
    }
    const start = node.start + this.#by;
    const end = node.end + this.#by;
    if (node.alias) return this.#alias(node, start, end, node.alias);
    const copy = { ...node, start, end, parent: undefined } as Mutable<ManifestNode>;
    if (node.anchor !== undefined) this.#moved.set(node, copy);
    if (copy.kind === 'sequence') {
      const items = copy.items.map((item) => this.node(item));
      for (const item of items) (item as Mutable<ManifestNode>).parent = copy as SequenceNode;
      (copy as Mutable<SequenceNode>).items = items;
    } else if (copy.kind === 'map') this.#pairs(copy as Mutable<MapNode>);
    return copy;
  }

  #alias(node: ManifestNode, start: number, end: number, target: ManifestNode): ManifestNode {
    const moved = this.node(target);
    const { anchor: _, ...copy } = moved;
    return { ...copy, start, end, parent: undefined, alias: moved };
  }

  #pairs(map: Mutable<MapNode>): void {
    const before = map.pairs;
    const duplicates = map.duplicates;
    map.pairs = before.map((pair) => {
      const moved = { ...pair, parent: map, key: this.#key(pair), value: this.#value(pair) } as Mutable<Pair>;
      if (!pair.merged) {
        (moved.key as Mutable<ScalarNode>).parent = moved;
        (moved.value as Mutable<ManifestNode>).parent = moved;
      }
      return moved;
    });
    if (duplicates.length > 0) map.duplicates = duplicates.map((pair) => map.pairs[before.indexOf(pair)] ?? pair);
  }

  #key({ key }: Pair): ScalarNode {
    return { ...key, start: key.start + this.#by, end: key.end + this.#by };
  }

  #value({ value, merged }: Pair): ManifestNode {
    if (!merged) return this.node(value);
    // A merged value stands in the anchored map, whose parents it keeps.
    const known = this.#moved.get(value);
    if (known) return known as ManifestNode;
    const moved = this.node(value);
    this.#moved.set(value, moved);
    return moved;
  }
}
