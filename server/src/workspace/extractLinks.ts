/** Reads from a document's tree what its object says of others, as its kind's references declare. */
import {
  everything,
  labelSelectorProblem,
  nothing,
  type Selector,
  selectorFromLabelSelector,
  selectorFromMap,
} from '#common/api/labelSelector.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import type { Reference } from '#common/kinds/defineKind.ts';
import { childOf, keyText, type ManifestNode, textOf, type TextRange } from '#common/manifests/nodes.ts';
import { findNode } from '#common/manifests/places.ts';
import { plainValue } from '#common/manifests/plainValue.ts';
import type { KindName } from '../facts/liveFacts.ts';
import type { KeyLink, Link, LocalLink, NameLink, NamespaceScope, PortLink, SelectorLink } from './links.ts';
import type { ManifestObject } from './manifestObject.ts';
import { referenceTrie, type TrieNode, withIndexes } from './referenceTrie.ts';

/** Kinds of subjects that are no objects. */
const notObjects = new Set(['User', 'Group']);

export interface Namespacing {
  /** Whether objects of this kind live in namespaces. */
  isNamespaced(kind: KindName): boolean;
}

export function extractLinks(object: ManifestObject, root: ManifestNode, kinds: Namespacing): Link[] {
  if (!object.definition) return [];
  const extractor = new Extractor(object, root, kinds);
  extractor.walk(root, referenceTrie(object.definition), []);
  // A copy has no room to grow.
  return extractor.links.slice();
}

class Extractor {
  readonly links: Link[] = [];
  /** The steps to where the walk is; texts are made of them only where a link is. */
  readonly #path: string[] = [];
  readonly #object: ManifestObject;
  readonly #root: ManifestNode;
  readonly #kinds: Namespacing;

  constructor(object: ManifestObject, root: ManifestNode, kinds: Namespacing) {
    this.#object = object;
    this.#root = root;
    this.#kinds = kinds;
  }

  walk(node: ManifestNode, trie: TrieNode, indexes: readonly number[]): void {
    if (trie.references.length > 0) {
      const path = this.#path.join('');
      for (const reference of trie.references) this.#add(reference, node, path, indexes);
    }
    if (node.kind === 'map') {
      for (const { key, value } of node.pairs) {
        const name = keyText(key);
        const next = trie.fields.get(name) ?? trie.values;
        if (next) this.#into(this.#path.length > 0 ? `.${name}` : name, value, next, indexes);
      }
    } else if (node.kind === 'sequence' && trie.items) {
      const { items } = trie;
      node.items.forEach((item, i) => this.#into(`[${i}]`, item, items, [...indexes, i]));
    }
  }

  #into(step: string, node: ManifestNode, trie: TrieNode, indexes: readonly number[]): void {
    this.#path.push(step);
    this.walk(node, trie, indexes);
    this.#path.pop();
  }

  #add(reference: Reference, node: ManifestNode, path: string, indexes: readonly number[]): void {
    const link = this.#linkOf(reference, node, path, indexes);
    if (link) this.links.push(link);
  }

  #linkOf(reference: Reference, node: ManifestNode, path: string, indexes: readonly number[]): Link | undefined {
    switch (reference.type) {
      case 'name': {
        const name = textOf(node);
        if (!name) return undefined;
        const namespace = this.#namespaceOf(reference.to, this.#text(reference.namespacePath, indexes));
        const optional = reference.optionalPath !== undefined && this.#value(reference.optionalPath, indexes) === true;
        return placed<NameLink>(
          { type: 'name', to: reference.to, namespace, name, optional },
          this.#object,
          reference,
          path,
          node,
        );
      }
      case 'object':
        return this.#objectLink(reference, node, path);
      case 'selector':
        return this.#selectorLink(reference, node, path, indexes);
      case 'key': {
        const key = textOf(node);
        const name = this.#text(reference.namePath, indexes);
        if (!key || !name) return undefined;
        const namespace = this.#namespaceOf(reference.to, undefined);
        const optional = reference.optionalPath !== undefined && this.#value(reference.optionalPath, indexes) === true;
        return placed<KeyLink>(
          { type: 'key', to: reference.to, namespace, name, key, optional },
          this.#object,
          reference,
          path,
          node,
        );
      }
      case 'port': {
        if (node.kind !== 'scalar' || node.templated || (typeof node.value !== 'string' && typeof node.value !== 'number'))
          return undefined;
        const of = this.#portOwner(reference, path, indexes);
        return of && placed<PortLink>({ type: 'port', port: node.value, of }, this.#object, reference, path, node);
      }
      case 'local': {
        const name = textOf(node);
        return name
          ? placed<LocalLink>({ type: 'local', name, lists: reference.lists }, this.#object, reference, path, node)
          : undefined;
      }
    }
  }

  #objectLink(reference: Reference, node: ManifestNode, path: string): NameLink | undefined {
    const nameNode = childOf(node, 'name');
    const kind = textOf(childOf(node, 'kind'));
    const name = textOf(nameNode);
    if (!nameNode || !kind || !name || notObjects.has(kind)) return undefined;
    const apiVersion = textOf(childOf(node, 'apiVersion'));
    const group =
      textOf(childOf(node, 'apiGroup')) ?? (apiVersion?.includes('/') ? apiVersion.split('/', 1)[0] : undefined) ?? '';
    const to = { group: group || (apiVersion === undefined ? builtinGroupOf(kind) : ''), kind };
    const namespace = this.#namespaceOf(to, textOf(childOf(node, 'namespace')));
    return placed<NameLink>(
      { type: 'name', to, namespace, name, optional: false },
      this.#object,
      reference,
      `${path}.name`,
      nameNode,
    );
  }

  #selectorLink(
    reference: Extract<Reference, { type: 'selector' }>,
    node: ManifestNode,
    path: string,
    indexes: readonly number[],
  ): SelectorLink | undefined {
    if (node.kind !== 'map' || hasTemplates(node)) return undefined;
    const value = plainValue(node);
    const { selector, problem } = reference.form === 'map' ? mapSelector(value) : labelSelector(value);
    const scope = this.#scopeOf(reference, indexes);
    return placed<SelectorLink>(
      { type: 'selector', to: reference.to, selector, scope, problem },
      this.#object,
      reference,
      path,
      node,
    );
  }

  #scopeOf(reference: Extract<Reference, { type: 'selector' }>, indexes: readonly number[]): NamespaceScope {
    const { to, namespacesPath, namespaceSelectorPath } = reference;
    if (!this.#kinds.isNamespaced(to)) return 'all';
    const selector = namespaceSelectorPath === undefined ? undefined : this.#value(namespaceSelectorPath, indexes);
    if (isJsonObject(selector)) {
      const labelled = labelSelector(selector).selector;
      return labelled.isEmpty ? 'all' : { labelled };
    }
    const names = namespacesPath === undefined ? undefined : this.#value(namespacesPath, indexes);
    if (Array.isArray(names) && names.length > 0) return { only: names.map(String) };
    return { only: [this.#object.namespace] };
  }

  #portOwner(
    { of, namePath, namespacePath }: Extract<Reference, { type: 'port' }>,
    path: string,
    indexes: readonly number[],
  ): PortLink['of'] | undefined {
    if (of === 'selected') return 'selected';
    if (of === 'containers') {
      const containers = /^(.*?)\.?(?:containers|initContainers|ephemeralContainers)\[\d+\]/.exec(path);
      return containers ? { own: containers[1] ?? '' } : undefined;
    }
    const service = this.#text(namePath, indexes);
    const namespace = this.#text(namespacePath, indexes) ?? this.#object.namespace;
    return service ? { service, namespace } : undefined;
  }

  #namespaceOf(to: KindName, written: string | undefined): string {
    if (!this.#kinds.isNamespaced(to)) return '';
    return written || this.#object.namespace || 'default';
  }

  #value(path: string, indexes: readonly number[]): unknown {
    const found = findNode(this.#root, withIndexes(path, indexes));
    return found.exact ? plainValue(found.node) : undefined;
  }

  #text(path: string | undefined, indexes: readonly number[]): string | undefined {
    const value = path === undefined ? undefined : this.#value(path, indexes);
    return typeof value === 'string' ? value : undefined;
  }
}

/** The place follows the object's document, which moves when something above it is edited. */
class PlacedLink {
  readonly from: ManifestObject;
  readonly reference: Reference;
  readonly path: string;
  readonly #start: number;
  readonly #end: number;

  constructor(from: ManifestObject, reference: Reference, path: string, { start, end }: TextRange) {
    this.from = from;
    this.reference = reference;
    this.path = path;
    this.#start = start;
    this.#end = end;
  }

  get range(): TextRange {
    const { shift } = this.from.document;
    return { start: this.#start + shift, end: this.#end + shift };
  }
}

function placed<L extends Link>(
  rest: Omit<L, 'from' | 'path' | 'reference' | 'range'>,
  from: ManifestObject,
  reference: Reference,
  path: string,
  at: TextRange,
): L {
  return Object.assign(new PlacedLink(from, reference, path, at), rest) as unknown as L;
}

function mapSelector(value: unknown): { selector: Selector; problem: string | undefined } {
  const entries = Object.entries(value as object).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // A Service with an empty selector selects nothing: its endpoints are somebody else's.
  if (entries.length === 0) return { selector: nothing, problem: undefined };
  return { selector: selectorFromMap(Object.fromEntries(entries)), problem: undefined };
}

function labelSelector(value: unknown): { selector: Selector; problem: string | undefined } {
  if (!isJsonObject(value)) return { selector: nothing, problem: undefined };
  const { matchLabels, matchExpressions } = value as { matchLabels?: unknown; matchExpressions?: unknown };
  if (matchLabels == null && matchExpressions == null) return { selector: everything, problem: undefined };
  const wellFormed =
    (matchLabels == null ||
      (isJsonObject(matchLabels) && Object.values(matchLabels).every((each) => typeof each === 'string'))) &&
    (matchExpressions == null || (Array.isArray(matchExpressions) && matchExpressions.every(isRequirement)));
  if (!wellFormed) return { selector: nothing, problem: 'not a label selector' };
  const selector = value as LabelSelector;
  const problem = labelSelectorProblem(selector);
  return problem === undefined ? { selector: selectorFromLabelSelector(selector), problem } : { selector: nothing, problem };
}

const isRequirement = (value: unknown): boolean =>
  isJsonObject(value) &&
  typeof value['key'] === 'string' &&
  typeof value['operator'] === 'string' &&
  (value['values'] == null || (Array.isArray(value['values']) && value['values'].every((each) => typeof each === 'string')));

function hasTemplates(node: ManifestNode): boolean {
  if (node.kind === 'scalar') return node.templated === true;
  if (node.kind === 'sequence') return node.items.some(hasTemplates);
  return node.pairs.some(({ key, value }) => key.templated === true || hasTemplates(value));
}

let groups: Map<string, string> | undefined;

/** The group of a built-in kind that is named without one; the first that has it. */
function builtinGroupOf(kind: string): string {
  if (!groups) {
    groups = new Map();
    for (const each of allKinds) if (!groups.has(each.kind)) groups.set(each.kind, each.group);
  }
  return groups.get(kind) ?? '';
}
