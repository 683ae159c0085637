/** From offsets to nodes and from field paths to places. */
import { type FieldStep, parseFieldPath } from './fieldSteps.ts';
import { keyText, type ManifestNode, pairFor, type Pair, type TextRange } from './nodes.ts';

/** A place in a tree: a node, and when it is a pair's key, that pair. */
export interface NodeAt {
  readonly node: ManifestNode;
  /** The offset is on the key of the pair whose value `node` is. */
  readonly onKey: boolean;
}

/** The innermost node around an offset (the end counts as inside, because the cursor stands there while typing). */
export function nodeAtOffset(root: ManifestNode | undefined, offset: number): NodeAt | undefined {
  if (!root || offset < root.start || offset > root.end) return undefined;
  let node = root;
  for (;;) {
    const next = stepTo(node, offset);
    if (!next) return { node, onKey: false };
    if (next.onKey) return next;
    node = next.node;
  }
}

function stepTo(node: ManifestNode, offset: number): NodeAt | undefined {
  if (node.kind === 'scalar' || node.alias) return undefined;
  if (node.kind === 'sequence') {
    const item = node.items.find(({ start, end }) => start <= offset && offset <= end);
    return item && { node: item, onKey: false };
  }
  for (const { key, value, merged } of node.pairs) {
    if (merged) continue;
    if (key.start <= offset && offset <= key.end) return { node: value, onKey: true };
    if (value.start <= offset && offset <= value.end) return { node: value, onKey: false };
  }
  return undefined;
}

export interface FoundNode {
  readonly node: ManifestNode;
  /** Whether the whole path is there; otherwise `node` is the nearest one on the way. */
  readonly exact: boolean;
  /** How many steps were gone. */
  readonly depth: number;
  /** The pair that led to `node`, when the last step was a field. */
  readonly pair?: Pair;
}

/** The node of a path, or the nearest one around it. */
export function findNode(root: ManifestNode, path: string | readonly FieldStep[] | readonly (string | number)[]): FoundNode {
  const steps = toSteps(path);
  let found: FoundNode = { node: root, exact: steps.length === 0, depth: 0 };
  for (const [i, step] of steps.entries()) {
    const next = into(found.node, step);
    // A key with dots, as label keys have them, may stand in the path without brackets.
    const joined = next ? undefined : joinedKey(found.node, steps, i);
    if (joined) return { ...joined, exact: true, depth: steps.length };
    if (!next) return found;
    found = { ...next, exact: i === steps.length - 1, depth: i + 1 };
  }
  return found;
}

function toSteps(path: string | readonly FieldStep[] | readonly (string | number)[]): readonly FieldStep[] {
  if (typeof path === 'string') return parseFieldPath(path);
  if (path.every((step) => typeof step === 'object')) return path;
  return path.map((step): FieldStep => {
    if (typeof step === 'object') return step;
    return typeof step === 'number' ? { kind: 'index', index: step } : { kind: 'key', key: step };
  });
}

function into(node: ManifestNode, step: FieldStep): { node: ManifestNode; pair?: Pair } | undefined {
  if (node.kind === 'map') {
    const pair = step.kind === 'item' ? undefined : pairFor(node, step.kind === 'key' ? step.key : String(step.index));
    return pair && { node: pair.value, pair };
  }
  if (node.kind !== 'sequence') return undefined;
  if (step.kind === 'index') {
    const item = node.items[step.index];
    return item && { node: item };
  }
  if (step.kind !== 'item') return undefined;
  const item = node.items.find((each) =>
    [...step.keys].every(([key, value]) => {
      const child = pairFor(each, key)?.value;
      return child?.kind === 'scalar' && String(child.value) === value;
    }),
  );
  return item && { node: item };
}

function joinedKey(
  node: ManifestNode,
  steps: readonly FieldStep[],
  from: number,
): { node: ManifestNode; pair: Pair } | undefined {
  if (node.kind !== 'map' || steps.length - from < 2) return undefined;
  const rest = steps.slice(from);
  if (!rest.every((step) => step.kind === 'key')) return undefined;
  const pair = pairFor(node, rest.map((step) => step.key).join('.'));
  return pair && { node: pair.value, pair };
}

/**
 * The place to underline for a path. Of a field with structure that is its name, of a plain one its value, of a list's item
 * its first field; of what is missing, the name of the nearest field around it; at the root, the value of `kind`.
 */
export function placeOf(root: ManifestNode, path: string | readonly FieldStep[] | readonly (string | number)[]): TextRange {
  const { node, pair } = findNode(root, path);
  if (node === root) return rootPlace(root);
  if (node.kind === 'scalar' && node.style !== 'empty') return node;
  if (pair) return pair.key;
  const [first] = node.kind === 'map' ? node.pairs : [];
  return first && !first.merged ? first.key : node;
}

function rootPlace(root: ManifestNode): TextRange {
  const kind = pairFor(root, 'kind');
  if (kind) return kind.value.end > kind.value.start ? kind.value : kind.key;
  const [first] = root.kind === 'map' ? root.pairs : [];
  return first?.key ?? root;
}

/** The place of the key at a path, when it is there. */
export function keyPlaceOf(root: ManifestNode, path: string): TextRange | undefined {
  const { exact, pair } = findNode(root, path);
  return exact ? pair?.key : undefined;
}

/** Keys that stand twice in one map, with what Kubernetes calls them. */
export function duplicateKeys(
  root: ManifestNode | undefined,
  found: { key: string; pair: Pair }[] = [],
): { key: string; pair: Pair }[] {
  if (!root || root.alias) return found;
  if (root.kind === 'sequence') for (const item of root.items) duplicateKeys(item, found);
  if (root.kind !== 'map') return found;
  for (const pair of root.duplicates) found.push({ key: keyText(pair.key), pair });
  for (const { value, merged } of root.pairs) if (!merged) duplicateKeys(value, found);
  return found;
}
