/**
 * One Kubernetes object in a file (or what may become one): its tree with places in the file, its plain value, and what it
 * says it is. Cheap to make again after each edit; what is costly hangs on `content`, which stays the same object as long as
 * the document's text does.
 */
import { type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import { type CursorPath, cursorPathAt } from './cursorPath.ts';
import type { FieldStep } from './fieldSteps.ts';
import type { KeptTree } from './keptTree.ts';
import { childOf, type ManifestNode, pathOf, type TextRange, textOf } from './nodes.ts';
import { findNode, type FoundNode, keyPlaceOf, type NodeAt, nodeAtOffset, placeOf } from './places.ts';
import { plainValue } from './plainValue.ts';
import { shiftTree } from './shiftTree.ts';
import type { SyntaxProblem } from './yamlTree.ts';

/** What a document is, apart from where it stands. A key for caches: it changes with the document's text and only then. */
export interface DocumentContent {
  /** The text between two `---`, which several items of a List share. */
  readonly text: string;
  /** Places count from the start of `text`. Undefined when there is nothing but comments. Read again when nobody held it. */
  readonly root: ManifestNode | undefined;
  /** What is wrong with the YAML; of a List the first item's document has them. */
  readonly problems: readonly SyntaxProblem[];
  /** The YAML has problems, here or elsewhere in the same text: values may be missing. */
  readonly broken: boolean;
  /** Has parts that a template fills in. */
  readonly templated: boolean;
  /** Is an item of a List. */
  readonly inList: boolean;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Only when both are there. */
  readonly gvk: GroupVersionKind | undefined;
  readonly name: string | undefined;
  /** As written; undefined when not. */
  readonly namespace: string | undefined;
}

/** Apart from the texts that it reads from them, it holds on to no node: see `KeptTree`. */
class KeptContent implements DocumentContent {
  readonly text: string;
  readonly problems: readonly SyntaxProblem[];
  readonly broken: boolean;
  readonly templated: boolean;
  readonly inList: boolean;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly gvk: GroupVersionKind | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly #tree: KeptTree;
  readonly #item: number;

  constructor(tree: KeptTree, item: number | undefined, { problems, broken, templated }: ContentState) {
    this.text = tree.text;
    this.problems = problems;
    this.broken = broken;
    this.templated = templated;
    this.inList = item !== undefined;
    this.#tree = tree;
    this.#item = item ?? -1;
    const { root } = this;
    const metadata = childOf(root, 'metadata');
    this.apiVersion = textOf(childOf(root, 'apiVersion'));
    this.kind = textOf(childOf(root, 'kind'));
    this.gvk = this.apiVersion && this.kind ? { ...parseApiVersion(this.apiVersion), kind: this.kind } : undefined;
    this.name = textOf(childOf(metadata, 'name'));
    this.namespace = textOf(childOf(metadata, 'namespace')) || undefined;
  }

  get root(): ManifestNode | undefined {
    const { root } = this.#tree;
    if (this.#item < 0) return root;
    const items = childOf(root, 'items');
    return items?.kind === 'sequence' ? items.items[this.#item] : undefined;
  }
}

type ContentState = Pick<DocumentContent, 'problems' | 'broken' | 'templated'>;

/** `item`: which of a List's items it is; the whole text otherwise. */
export const contentOf = (tree: KeptTree, item: number | undefined, state: ContentState): DocumentContent =>
  new KeptContent(tree, item, state);

export class ManifestDocument implements TextRange {
  readonly uri: string;
  /** Which of the file's documents it is, from 0. */
  readonly index: number;
  /** The whole range, from behind the previous document. */
  readonly start: number;
  readonly end: number;
  /** How far places of `content` are from those in the file. */
  readonly shift: number;
  readonly content: DocumentContent;
  /** Of a document further down in the file, its tree's copy with the places there. */
  #moved: WeakRef<ManifestNode> | undefined;

  constructor(uri: string, index: number, shift: number, range: TextRange, content: DocumentContent) {
    this.uri = uri;
    this.index = index;
    this.shift = shift;
    this.start = range.start;
    this.end = range.end;
    this.content = content;
  }

  /** The tree, with places in the file. */
  get root(): ManifestNode | undefined {
    const known = this.#moved?.deref();
    if (known) return known;
    const { root } = this.content;
    if (!root || this.shift === 0) return root;
    const moved = shiftTree(root, this.shift);
    this.#moved = new WeakRef(moved);
    return moved;
  }

  /** The plain value. Shared: not to be changed. */
  get value(): unknown {
    const { root } = this.content;
    return root && plainValue(root);
  }

  get problems(): readonly SyntaxProblem[] {
    return this.content.problems.map((problem) => ({
      ...problem,
      start: problem.start + this.shift,
      end: problem.end + this.shift,
    }));
  }

  get apiVersion(): string | undefined {
    return this.content.apiVersion;
  }

  get kind(): string | undefined {
    return this.content.kind;
  }

  get name(): string | undefined {
    return this.content.name;
  }

  get namespace(): string | undefined {
    return this.content.namespace;
  }

  /** Whether it says of itself that it is a Kubernetes object. */
  get isManifest(): boolean {
    return this.content.gvk !== undefined;
  }

  get gvk(): GroupVersionKind | undefined {
    return this.content.gvk;
  }

  /** The innermost node at an offset of the file. */
  nodeAt(offset: number): NodeAt | undefined {
    return nodeAtOffset(this.root, offset);
  }

  /** The node of `spec.containers[0].image` (or of steps), only if it is there. */
  nodeFor(path: string | readonly (string | number)[]): ManifestNode | undefined {
    const { root } = this;
    const found = root && findNode(root, path);
    return found?.exact ? found.node : undefined;
  }

  /** The node of a path, or the nearest one around it. */
  nearest(path: string | readonly FieldStep[] | readonly (string | number)[]): FoundNode | undefined {
    const { root } = this;
    return root && findNode(root, path);
  }

  /** What to underline for a path: the value of a plain field, the name of one with structure, else the nearest around it. */
  rangeFor(path: string | readonly FieldStep[] | readonly (string | number)[]): TextRange {
    const { root } = this;
    return root ? placeOf(root, path) : { start: this.start, end: this.start };
  }

  /** The place of a field's name, when the field is there. */
  keyRangeFor(path: string): TextRange | undefined {
    const { root } = this;
    return root && keyPlaceOf(root, path);
  }

  /** The steps from this document's root to a node of its tree. */
  pathOf(node: ManifestNode): (string | number)[] {
    return this.#own(pathOf(node));
  }

  /** Where somebody types, also on a half-typed line. */
  pathAt(offset: number): CursorPath | undefined {
    const { text, root } = this.content;
    const whole = root && rootOf(root);
    const found = cursorPathAt(text, whole, offset - this.shift);
    if (!found) return undefined;
    const { start, end } = found.range;
    return { ...found, path: this.#own(found.path), range: { start: start + this.shift, end: end + this.shift } };
  }

  /** Without the steps that lead to an item of a List. */
  #own(path: readonly (string | number)[]): (string | number)[] {
    return this.content.inList && path[0] === 'items' ? path.slice(2) : [...path];
  }
}

function rootOf(node: ManifestNode): ManifestNode {
  let at = node;
  while (at.parent) at = at.parent.kind === 'pair' ? at.parent.parent : at.parent;
  return at;
}
