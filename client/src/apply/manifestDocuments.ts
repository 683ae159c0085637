/**
 * The Kubernetes objects of a text, each with where it stands and where each of its fields stands. Broken YAML gives
 * problems as well as the documents that can be read. Texts that hold no Kubernetes object give nothing.
 */
import type * as Yaml from 'yaml';
import type { Document, Node, Pair, ParsedNode } from 'yaml';
import type { KubeObject } from '#common/api/meta.ts';
import { type FieldStep, parseFieldPath } from './fieldPath.ts';

export type Manifest = KubeObject & { apiVersion: string; kind: string };

/** Offsets into the text; `end` is behind the last character. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface ManifestDocument {
  readonly object: Manifest;
  /** The whole object. */
  readonly range: TextRange;
  /** The field of that path, or the nearest one around it that is there. */
  rangeOf(path: string): TextRange;
}

export interface ManifestProblem {
  /** `nameless`: metadata.name is missing; otherwise the sentence of the YAML parser. */
  readonly code: 'syntax' | 'nameless';
  readonly message: string;
  readonly range: TextRange;
}

export interface ParsedManifests {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly ManifestProblem[];
}

export async function parseManifests(text: string): Promise<ParsedManifests> {
  const yaml = await import('yaml');
  const documents: ManifestDocument[] = [];
  const problems: ManifestProblem[] = [];
  const parsed = yaml.parseAllDocuments(text);
  const nodeAt = (node: unknown, steps: readonly FieldStep[], fallback: TextRange): TextRange => {
    let range = fallback;
    let current = node;
    for (const step of steps) {
      const next = stepInto(yaml, current, step);
      if (!next) break;
      range = next.range ?? range;
      current = next.node;
    }
    return range;
  };
  const collect = (node: unknown, value: unknown): void => {
    const object = value as (Partial<Manifest> & { items?: unknown[] }) | null;
    if (typeof object !== 'object' || typeof object?.apiVersion !== 'string' || typeof object.kind !== 'string') return;
    const range = rangeOfNode(node as Node) ?? { start: 0, end: 0 };
    if (object.kind.endsWith('List') && Array.isArray(object.items) && yaml.isMap(node)) {
      const items = node.get('items', true);
      if (yaml.isSeq(items)) items.items.forEach((item, i) => collect(item, object.items?.[i]));
      return;
    }
    if (typeof object.metadata?.name !== 'string') {
      problems.push({
        code: 'nameless',
        message: '',
        range: nodeAt(node, parseFieldPath('metadata'), nodeAt(node, parseFieldPath('kind'), range)),
      });
      return;
    }
    const first = nodeAt(node, parseFieldPath('kind'), range);
    documents.push({ object: object as Manifest, range, rangeOf: (path) => nodeAt(node, parseFieldPath(path), first) });
  };
  for (const document of parsed as Document.Parsed<ParsedNode>[]) {
    if (document.errors.length > 0) {
      // A file of another kind is none of our business, broken or not.
      if (!/^\s*"?(apiVersion|kind)"?:/m.test(text)) continue;
      for (const { message, pos } of document.errors) {
        problems.push({ code: 'syntax', message: message.split('\n')[0] ?? message, range: { start: pos[0], end: pos[1] } });
      }
      continue;
    }
    collect(document.contents, document.toJS());
  }
  return { documents, problems };
}

interface Step {
  readonly node: unknown;
  readonly range: TextRange | undefined;
}

function stepInto(yaml: typeof Yaml, node: unknown, step: FieldStep): Step | undefined {
  if (yaml.isMap(node) && step.kind === 'key') {
    const pair = (node.items as Pair<Node, Node | null>[]).find(
      ({ key }) => yaml.isScalar(key) && String(key.value) === step.key,
    );
    if (!pair) return undefined;
    // Of a field with structure the name is underlined, of a plain one the value.
    return {
      node: pair.value,
      range: rangeOfNode(yaml.isScalar(pair.value) && pair.value.value !== null ? pair.value : pair.key),
    };
  }
  if (!yaml.isSeq(node)) return undefined;
  if (step.kind === 'index') {
    const item = node.items[step.index];
    return item === undefined ? undefined : { node: item, range: firstLine(yaml, item) };
  }
  if (step.kind !== 'item') return undefined;
  const item = node.items.find(
    (each) => yaml.isMap(each) && [...step.keys].every(([key, value]) => String(each.get(key)) === value),
  );
  return item === undefined ? undefined : { node: item, range: firstLine(yaml, item) };
}

/** Of a list's item its first field, so that not the whole item is underlined. */
function firstLine(yaml: typeof Yaml, item: unknown): TextRange | undefined {
  const first = yaml.isMap(item) ? (item.items[0] as Pair<Node, Node | null> | undefined) : undefined;
  return rangeOfNode(first ? first.key : (item as Node));
}

const rangeOfNode = (node: Node | null | undefined): TextRange | undefined =>
  node?.range ? { start: node.range[0], end: node.range[1] } : undefined;
