/**
 * Any YAML through the full parser: anchors, merges, tags, texts over several lines, and everything that is broken. The
 * result is a tree of what can be read, and the problems.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair as YamlPair, parseDocument, type YAMLError } from 'yaml';
import {
  keyText,
  mapNode,
  type ManifestNode,
  type MapNode,
  type Mutable,
  type Pair,
  pairOf,
  scalarNode,
  type ScalarNode,
  type ScalarStyle,
  sequenceNode,
  type TextRange,
} from './nodes.ts';
import { kubernetesTags, plainScalarValue } from './scalarValue.ts';

export interface SyntaxProblem extends TextRange {
  readonly message: string;
  /** The parser's name for it, `BAD_INDENT`; the project's own are in lower case. */
  readonly code: string;
}

export interface ParsedTree {
  readonly root: ManifestNode | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** Nodes are reached on several ways. */
  readonly shared: boolean;
}

/** A text whose aliases stand for more nodes than this is refused. */
const mostNodes = 200_000;

/** Levels of structure that are read: far more than anybody writes, and few enough for every stack on the way. */
const deepest = 400;

export function parseYamlTree(text: string): ParsedTree {
  if (nestingOf(text) > deepest) return tooDeep(text);
  try {
    const document = parseDocument(text, {
      uniqueKeys: false,
      version: '1.1',
      customTags: kubernetesTags,
      logLevel: 'silent',
      prettyErrors: false,
    });
    const problems = document.errors.map((error) => problemOf(error, text));
    const builder = new TreeBuilder(text, problems);
    const root = document.contents ? builder.node(document.contents) : undefined;
    return { root, problems, shared: builder.shared };
  } catch (error) {
    // Structure that the estimate does not see may still end the parser's stack; nothing else is known to throw.
    if (!(error instanceof RangeError)) throw error;
    return tooDeep(text);
  }
}

function tooDeep(text: string): ParsedTree {
  const problem = { message: 'The document is nested too deeply', code: 'tooDeep', start: 0, end: Math.min(text.length, 1) };
  return { root: undefined, problems: [problem], shared: false };
}

/** How deep brackets, growing indentation and dashes in one line go; what quotes and block scalars hold is not told apart. */
function nestingOf(text: string): number {
  let [brackets, most] = [0, 0];
  const indents: number[] = [];
  let lineStart = true;
  for (let at = 0, column = 0, dashes = 0; at < text.length; at++, column++) {
    const code = text.charCodeAt(at);
    if (code === 10) [lineStart, column, dashes] = [true, -1, 0];
    else if (code === 91 || code === 123) brackets++;
    else if ((code === 93 || code === 125) && brackets > 0) brackets--;
    if (!lineStart || code === 32 || code === 10 || code === 13) continue;
    if (dashes === 0) while ((indents.at(-1) ?? -1) >= column) indents.pop();
    indents.push(column);
    dashes++;
    // Only dashes and question marks begin another level in the same line.
    lineStart = (code === 45 || code === 63) && text.charCodeAt(at + 1) === 32;
    most = Math.max(most, indents.length + brackets);
  }
  return Math.max(most, brackets);
}

function problemOf(error: YAMLError, text: string): SyntaxProblem {
  const [start, end] = error.pos;
  let from = Math.min(start, text.length);
  // Where something is missing, what stands in front of it is shown.
  while (from > 0 && !text.slice(from, Math.max(end, from + 1)).trim()) from--;
  const message = (error.message.split('\n')[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, '');
  return { message, code: error.code, start: from, end: Math.min(Math.max(end, from + 1), text.length) };
}

const styles: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

class TreeBuilder {
  readonly #text: string;
  readonly #problems: SyntaxProblem[];
  readonly #anchors = new Map<string, ManifestNode>();
  /** How many nodes each aliased node stands for. */
  readonly #sizes = new WeakMap<ManifestNode, number>();
  #size = 0;
  shared = false;

  constructor(text: string, problems: SyntaxProblem[]) {
    this.#text = text;
    this.#problems = problems;
  }

  node(node: Node): ManifestNode {
    this.#size++;
    const before = this.#size;
    const built = this.#build(node);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor) {
      (built as Mutable<ManifestNode>).anchor = anchor;
      this.#anchors.set(anchor, built);
      this.#sizes.set(built, this.#size - before + 1);
    }
    return built;
  }

  #build(node: Node): ManifestNode {
    if (isAlias(node)) return this.#alias(node.source, this.#range(node));
    if (isMap(node)) return this.#map(node.items as YamlPair<Node | null, Node | null>[], this.#range(node), node.flow === true);
    if (isSeq(node)) {
      const { start, end } = this.#range(node);
      const items = node.items.map((item) => (isPair(item) ? this.#onePair(item) : this.#item(item as Node, node.flow === true)));
      return sequenceNode(start, node.flow === true, items, this.#endOf(node.flow === true, start, end, items.at(-1)));
    }
    return this.#scalar(node);
  }

  /** An empty item stands behind its dash, where it would be typed. */
  #item(node: Node, flow: boolean): ManifestNode {
    const item = this.node(node);
    if (flow || item.kind !== 'scalar' || item.style !== 'empty') return item;
    const behind = this.#text.lastIndexOf('-', item.start - 1) + 1;
    const at = this.#text[behind] === ' ' ? behind + 1 : behind;
    return scalarNode(at, at, null, 'empty');
  }

  /** `[a: b]`. */
  #onePair(pair: YamlPair): ManifestNode {
    const key = pair.key as Node;
    return this.#map([pair as YamlPair<Node | null, Node | null>], this.#range(key), true);
  }

  #scalar(node: Node): ScalarNode {
    const { start, end } = this.#range(node);
    if (!isScalar(node)) return scalarNode(start, end, null, 'plain');
    const type = node.type ?? 'PLAIN';
    const style = Object.hasOwn(styles, type) ? (styles[type] ?? 'plain') : 'plain';
    const { value, source, tag } = node;
    if (style === 'plain') {
      if (start === end) return scalarNode(start, end, null, 'empty');
      if (!tag && source !== undefined) return scalarNode(start, end, plainScalarValue(source), 'plain');
    }
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return scalarNode(start, end, value === null || plain !== null ? plain : String(source ?? value), style);
  }

  #map(items: readonly YamlPair<Node | null, Node | null>[], range: TextRange, flow: boolean): MapNode {
    const pairs: Pair[] = [];
    const merges: ManifestNode[] = [];
    let previousEnd = range.start;
    for (const item of items) {
      const key = this.#key(item.key, previousEnd);
      const value = item.value ? this.node(item.value) : this.#emptyBehind(key);
      const pair = this.#placed(pairOf(key, value));
      if (key.style === 'plain' && key.value === '<<') merges.push(value);
      else pairs.push(pair);
      previousEnd = Math.max(key.end, pair.value.end);
    }
    for (const merge of merges) this.#merge(pairs, merge);
    const last = pairs.findLast((pair) => !pair.merged)?.value;
    return mapNode(range.start, flow, pairs, Math.max(this.#endOf(flow, range.start, range.end, last), flow ? 0 : previousEnd));
  }

  /** An empty value stands where it would be typed. */
  #placed(pair: Pair): Pair {
    const value = pair.value as Mutable<ScalarNode>;
    if (value.kind !== 'scalar' || value.style !== 'empty') return pair;
    const empty = this.#emptyBehind(pair.key);
    value.start = empty.start;
    value.end = empty.end;
    return pair;
  }

  #merge(into: Pair[], from: ManifestNode): void {
    this.shared = true;
    const sources = from.kind === 'sequence' ? from.items : [from];
    for (const source of sources) {
      if (source.kind !== 'map') continue;
      for (const { key, value } of source.pairs) {
        if (into.some((pair) => keyText(pair.key) === keyText(key))) continue;
        into.push({ kind: 'pair', parent: undefined as unknown as MapNode, key, value, merged: true });
      }
    }
  }

  #key(node: Node | null, at: number): ScalarNode {
    if (!node) return scalarNode(at, at, null, 'empty');
    const key = this.node(node);
    if (key.kind === 'scalar') return key;
    const { start, end } = key;
    return scalarNode(start, end, this.#text.slice(start, end), 'plain');
  }

  #emptyBehind(key: ScalarNode): ScalarNode {
    const colon = /[ \t]*:[ ]?/y;
    colon.lastIndex = key.end;
    const match = colon.exec(this.#text);
    const at = key.end + (match?.[0].length ?? 0);
    return scalarNode(at, at, null, 'empty');
  }

  #alias(name: string, { start, end }: TextRange): ManifestNode {
    const target = this.#anchors.get(name);
    this.#size += target ? (this.#sizes.get(target) ?? 1) : 0;
    if (!target || this.#size > mostNodes) {
      if (target) this.#problems.push({ message: 'document contains excessive aliasing', code: 'aliases', start, end });
      else if (!this.#problems.some((problem) => problem.start === start)) {
        this.#problems.push({ message: `unknown anchor '${name}' referenced`, code: 'BAD_ALIAS', start, end });
      }
      return scalarNode(start, end, null, 'plain');
    }
    this.shared = true;
    const { anchor: _, ...copy } = target;
    return { ...copy, start, end, parent: undefined, alias: target.alias ?? target };
  }

  #range(node: Node): TextRange {
    const [start, end] = node.range ?? [0, 0];
    return { start, end: this.#trimmed(start, end) };
  }

  #endOf(flow: boolean, start: number, end: number, last: ManifestNode | undefined): number {
    return flow ? end : Math.max(start, last?.end ?? start);
  }

  #trimmed(start: number, end: number): number {
    while (end > start && /\s/.test(this.#text[end - 1] ?? '')) end--;
    return end;
  }
}
