/**
 * The parsed tree of a YAML or JSON text, free of any parser's types: maps, sequences and scalars with their places and
 * their parents. Every pair has a value: an empty one is a scalar of style `empty` at the place where a value would be
 * typed. An alias is a node of its target's kind that shares the target's children.
 */
export interface TextRange {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'empty';
export type ScalarValue = string | number | boolean | null;

interface NodeBase extends TextRange {
  /** The pair whose value (or key) this is, the sequence that it is an item of, or undefined for the root. */
  readonly parent: Pair | SequenceNode | undefined;
  /** What the alias stands for; the node's own range is that of the alias. */
  readonly alias?: ManifestNode;
  /** Written `&anchor`. */
  readonly anchor?: string;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
  readonly style: ScalarStyle;
  /** Part of the text is a template's expression (`{{ … }}`), so that the value is not known. */
  readonly templated?: boolean;
}

/** Where `plainValue` keeps what it made of the node; nobody else's business. */
interface WithValue {
  plain: unknown;
}

export interface SequenceNode extends NodeBase, WithValue {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly ManifestNode[];
}

export interface MapNode extends NodeBase, WithValue {
  readonly kind: 'map';
  readonly flow: boolean;
  /** In the text's order; what `<<` merges comes last. Of a key that is there twice the last one counts, see `duplicates`. */
  readonly pairs: readonly Pair[];
  /** The pairs whose key was there before. They are among `pairs` too. */
  readonly duplicates: readonly Pair[];
}

export type ManifestNode = MapNode | SequenceNode | ScalarNode;

export interface Pair {
  readonly kind: 'pair';
  readonly parent: MapNode;
  readonly key: ScalarNode;
  readonly value: ManifestNode;
  /** Came in through `<<`: the nodes stand elsewhere. */
  readonly merged: boolean;
}

/** For whoever builds trees. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const scalarNode = (start: number, end: number, value: ScalarValue, style: ScalarStyle): ScalarNode => ({
  kind: 'scalar',
  start,
  end,
  parent: undefined,
  value,
  style,
});

const noPairs: readonly Pair[] = [];

/** `end` is that of the last child unless given. */
export function mapNode(start: number, flow: boolean, pairs: Pair[], end?: number): MapNode {
  const last = pairs.at(-1)?.value;
  const map: MapNode = {
    kind: 'map',
    start,
    end: end ?? last?.end ?? start,
    parent: undefined,
    plain: undefined,
    flow,
    pairs,
    duplicates: noPairs,
  };
  let seen: Set<string> | undefined;
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as Mutable<Pair>;
    pair.parent = map;
    const text = keyText(pair.key);
    // Small maps are compared pair by pair: cheaper than a set for each.
    let twice = false;
    if (pairs.length > 8) {
      seen ??= new Set();
      twice = seen.has(text);
      seen.add(text);
    } else {
      for (let j = 0; j < i; j++) if (keyText((pairs[j] as Pair).key) === text) twice = true;
    }
    if (twice) (map as Mutable<MapNode>).duplicates = [...map.duplicates, pair];
  }
  return map;
}

export function sequenceNode(start: number, flow: boolean, items: ManifestNode[], end?: number): SequenceNode {
  const node: SequenceNode = {
    kind: 'sequence',
    start,
    end: end ?? items.at(-1)?.end ?? start,
    parent: undefined,
    plain: undefined,
    flow,
    items,
  };
  for (const item of items) (item as Mutable<ManifestNode>).parent = node;
  return node;
}

/** A pair without a map; `mapNode` adopts it. */
export function pairOf(key: ScalarNode, value: ManifestNode): Pair {
  const pair: Pair = { kind: 'pair', parent: undefined as unknown as MapNode, key, value, merged: false };
  (key as Mutable<ScalarNode>).parent = pair;
  (value as Mutable<ManifestNode>).parent = pair;
  return pair;
}

/** The key as the API sees it: always text. */
export const keyText = (key: ScalarNode): string => (typeof key.value === 'string' ? key.value : String(key.value));

/** The pair that counts under this key. */
export function pairFor(node: ManifestNode | undefined, key: string): Pair | undefined {
  if (node?.kind !== 'map') return undefined;
  // A written key wins over a merged one, a later one over an earlier one.
  let merged: Pair | undefined;
  for (let i = node.pairs.length - 1; i >= 0; i--) {
    const pair = node.pairs[i] as Pair;
    if (keyText(pair.key) !== key) continue;
    if (!pair.merged) return pair;
    merged ??= pair;
  }
  return merged;
}

/** The value under this key of a map. */
export const childOf = (node: ManifestNode | undefined, key: string): ManifestNode | undefined => pairFor(node, key)?.value;

/** The node's text, when it is one. */
export const textOf = (node: ManifestNode | undefined): string | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'string' && !node.templated ? node.value : undefined;

/** The map or sequence around a node. */
export const containerOf = (node: ManifestNode): MapNode | SequenceNode | undefined =>
  node.parent?.kind === 'pair' ? node.parent.parent : node.parent;

/** The steps from the root: keys, and indexes in lists. */
export function pathOf(node: ManifestNode): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at: ManifestNode | undefined = node; at?.parent; at = containerOf(at)) {
    steps.push(at.parent.kind === 'pair' ? keyText(at.parent.key) : at.parent.items.indexOf(at));
  }
  return steps.reverse();
}

/** All nodes of a tree with the root first; what an alias stands for is not entered again. */
export function* nodesOf(root: ManifestNode | undefined): Generator<ManifestNode> {
  if (!root) return;
  yield root;
  if (root.alias) return;
  if (root.kind === 'sequence') for (const item of root.items) yield* nodesOf(item);
  else if (root.kind === 'map') for (const pair of root.pairs) if (!pair.merged) yield* nodesOf(pair.value);
}
