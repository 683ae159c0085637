/**
 * A text as its documents. Parsing never throws. Given the file as it was before, only what changed between two `---` is
 * read again.
 */
import { contentOf, type DocumentContent, ManifestDocument } from './manifestDocument.ts';
import { KeptTree } from './keptTree.ts';
import { readBlockYaml } from './blockReader.ts';
import { childOf, type ManifestNode, type TextRange, textOf } from './nodes.ts';
import { looksLikeHelm, markTemplated, maskTemplates } from './templates.ts';
import { parseYamlTree, type SyntaxProblem } from './yamlTree.ts';

/** `other` is left alone: nothing in it says that it is for Kubernetes. */
export type SourceKind = 'manifests' | 'template' | 'kustomization' | 'other';

export interface SourceFile {
  readonly uri: string;
  /** The editor's version, or undefined for a file on disk. */
  readonly version: number | undefined;
  readonly text: string;
  readonly kind: SourceKind;
  /** In the text's order. There is one for every part between two `---`, also where it is no object (yet). */
  readonly documents: readonly ManifestDocument[];
  /** Offsets at which the lines start. */
  readonly lineStarts: readonly number[];
}

/** Which documents of the file are in the way of an offset; the last one that starts before it. */
export function documentAt(file: SourceFile, offset: number): ManifestDocument | undefined {
  let found: ManifestDocument | undefined;
  for (const document of file.documents) {
    if (document.start > offset) break;
    if (offset <= document.end || document.start === offset || !found || !found.content.inList) found = document;
  }
  return found;
}

/** Whatever is `previous` stands in for what need not be read again. */
export function parseSourceFile(uri: string, text: string, version?: number, previous?: SourceFile): SourceFile {
  const known = contentsByText(previous?.documents ?? []);
  const documents: ManifestDocument[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const part = text.slice(start, end);
    const contents = known.get(part) ?? readPart(part);
    known.set(part, contents);
    for (const content of contents) {
      const own = content.inList ? content.root : undefined;
      const range = own ? { start: own.start + start, end: own.end + start } : { start, end };
      documents.push(new ManifestDocument(uri, documents.length, start, range, content));
    }
  }
  return new ParsedFile(uri, version, text, documents);
}

/** There is one for every file of the workspace, so it keeps only what nobody can work out again. */
class ParsedFile implements SourceFile {
  readonly uri: string;
  readonly version: number | undefined;
  readonly text: string;
  readonly kind: SourceKind;
  readonly documents: readonly ManifestDocument[];
  #lineStarts: WeakRef<readonly number[]> | undefined;

  constructor(uri: string, version: number | undefined, text: string, documents: readonly ManifestDocument[]) {
    this.uri = uri;
    this.version = version;
    this.text = text;
    this.kind = sourceKind(uri, documents);
    // A copy has no room to grow.
    this.documents = documents.slice();
  }

  get lineStarts(): readonly number[] {
    const known = this.#lineStarts?.deref();
    if (known) return known;
    const starts = lineStartsOf(this.text);
    this.#lineStarts = new WeakRef(starts);
    return starts;
  }
}

/** What the parts of a text were read as: one content each, or one for every item of a List. */
function contentsByText(documents: readonly ManifestDocument[]): Map<string, Iterable<DocumentContent>> {
  const parts = new Map<string, Set<DocumentContent>>();
  for (const { content } of documents) {
    const contents = parts.get(content.text);
    if (contents) contents.add(content);
    else parts.set(content.text, new Set([content]));
  }
  return parts;
}

/** The parts between lines that start with `---`, each with its own mark. A part of comments only in front is none. */
export function splitDocuments(text: string): TextRange[] {
  const starts = [0];
  for (let at = text.indexOf('\n---'); at >= 0; at = text.indexOf('\n---', at + 4)) {
    if (isMark(text, at + 1)) starts.push(at + 1);
  }
  const ranges = starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
  const [first, second] = ranges;
  if (!first || !second || isMark(text, 0)) return ranges;
  const prelude = text.slice(first.start, first.end);
  if (/^\uFEFF?(?:%|[^]*\n%)/.test(prelude)) return [{ start: 0, end: second.end }, ...ranges.slice(2)];
  return /^\uFEFF?(?:\s*(?:#[^\n]*)?(?:\n|$))*$/.test(prelude) ? ranges.slice(1) : ranges;
}

const isMark = (text: string, at: number): boolean => {
  if (!text.startsWith('---', at)) return false;
  const next = text.charCodeAt(at + 3);
  return Number.isNaN(next) || next === 32 || next === 9 || next === 10 || next === 13;
};

interface ReadTree {
  root: ManifestNode | undefined;
  problems: readonly SyntaxProblem[];
  templated: boolean;
}

function readPart(text: string): readonly DocumentContent[] {
  const { root, problems, templated } = readTree(text);
  const items = listItems(root);
  const tree = new KeptTree(text, root, rootOf);
  const rest = { broken: problems.length > 0, templated };
  if (!items) return [contentOf(tree, undefined, { ...rest, problems })];
  return items.map((_, i) => contentOf(tree, i, { ...rest, problems: i === 0 ? problems : noProblems }));
}

const noProblems: readonly SyntaxProblem[] = [];
const rootOf = (text: string): ManifestNode | undefined => readTree(text).root;

function readTree(text: string): ReadTree {
  if (!text.includes('{{')) return { ...readYaml(text), templated: false };
  if (!looksLikeHelm(text)) {
    const plain = readYaml(text);
    if (plain.problems.length === 0) return { ...plain, templated: false };
  }
  const masked = maskTemplates(text);
  const { root } = readYaml(masked.text);
  if (root) markTemplated(root, masked.expressions);
  // What looks broken here may be whole once the template is filled in.
  return { root, problems: [], templated: true };
}

function readYaml(text: string): { root: ManifestNode | undefined; problems: readonly SyntaxProblem[] } {
  const quick = readBlockYaml(text);
  return quick === undefined ? parseYamlTree(text) : { root: quick ?? undefined, problems: noProblems };
}

/** The items of a List that has some. */
function listItems(root: ManifestNode | undefined): readonly ManifestNode[] | undefined {
  const items = textOf(childOf(root, 'kind'))?.endsWith('List') ? childOf(root, 'items') : undefined;
  if (items?.kind !== 'sequence' || items.items.length === 0) return undefined;
  return items.items.every((item) => item.kind === 'map') ? items.items : undefined;
}

function sourceKind(uri: string, documents: readonly ManifestDocument[]): SourceKind {
  if (/(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(uri)) return 'kustomization';
  if (documents.some(({ apiVersion, kind }) => kind === 'Kustomization' && apiVersion?.startsWith('kustomize.config.k8s.io/')))
    return 'kustomization';
  if (documents.some(({ content }) => content.templated)) return 'template';
  return documents.some(mayBecomeManifest) ? 'manifests' : 'other';
}

/** It is one, somebody has begun to write one, or there is nothing yet that could speak against it. */
const mayBecomeManifest = ({ isManifest, content: { root } }: ManifestDocument): boolean =>
  isManifest ||
  root === undefined ||
  childOf(root, 'apiVersion') !== undefined ||
  // Begun with its kind, or with the first letters of something.
  (root.kind === 'map' && root.pairs.length <= 2 && mayBeKind(childOf(root, 'kind'))) ||
  (root.kind === 'scalar' && root.style === 'plain' && /^[A-Za-z]{1,40}$/.test(textOf(root) ?? ''));

const mayBeKind = (node: ManifestNode | undefined): boolean =>
  node?.kind === 'scalar' && (node.style === 'empty' || /^[A-Z]\w*$/.test(textOf(node) ?? ''));

export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
