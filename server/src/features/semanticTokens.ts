/** What names, labels, ports and keys are, and whether what they lead to is there, in the workspace or in the cluster. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { childOf, type ManifestNode, type TextRange } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Link } from '../workspace/links.ts';
import type { ManifestObject } from '../workspace/manifestObject.ts';
import type { OfFile, SemanticToken } from './feature.ts';

export const provideSemanticTokens: OfFile<readonly SemanticToken[]> = (snapshot, file) => {
  const found = new Map<number, SemanticToken>();
  const add = (token: SemanticToken): void => {
    // One place has one meaning: the first that was found.
    if (token.end > token.start && !found.has(token.start)) found.set(token.start, token);
  };
  for (const object of snapshot.graph.objectsIn(file.uri)) {
    for (const link of object.links) for (const token of tokensOf(snapshot, link)) add(token);
    for (const { metadataPath } of object.owners) for (const token of labelTokens(object, `${metadataPath}.labels`)) add(token);
    for (const token of keyTokens(object)) add(token);
  }
  return [...found.values(), ...templateTokens(file)];
};

function* tokensOf(snapshot: Snapshot, link: Link): Generator<SemanticToken> {
  if (link.type === 'selector') {
    const node = link.from.document.nodeFor(link.path);
    const type = 'label';
    const unresolved = link.problem === undefined && !link.selector.isEmpty && !matchesSomething(snapshot, link);
    const map =
      link.reference.type === 'selector' && link.reference.form === 'labelSelector' ? childOf(node, 'matchLabels') : node;
    for (const range of scalarsOf(map)) yield { ...range, type, ...(unresolved ? { unresolved } : {}) };
    return;
  }
  const type = link.type === 'port' ? 'port' : link.type === 'key' ? 'key' : 'reference';
  const unresolved = !isThere(snapshot, link);
  yield { start: link.range.start, end: link.range.end, type, ...(unresolved ? { unresolved } : {}) };
}

function matchesSomething({ graph, facts }: Snapshot, link: Extract<Link, { type: 'selector' }>): boolean {
  if (graph.matched(link).length > 0) return true;
  const { scope, selector, to } = link;
  if (scope === 'all' || !('only' in scope)) return true;
  if (to.group !== '' || to.kind !== 'Pod')
    return facts.list(to, scope.only[0]).some(({ metadata }) => selector.matches(metadata.labels));
  return scope.only.some((namespace) => facts.podsMatching(namespace, selector).length > 0);
}

function isThere({ graph, facts }: Snapshot, link: Exclude<Link, { type: 'selector' }>): boolean {
  if (graph.targetsOf(link).length > 0) return true;
  switch (link.type) {
    case 'name':
      return link.optional || facts.get(link.to, link.namespace, link.name) !== undefined;
    case 'key': {
      const live = facts.get(link.to, link.namespace, link.name);
      return (
        link.optional ||
        [live?.['data'], live?.['binaryData']].some((data) => isJsonObject(data) && Object.hasOwn(data, link.key))
      );
    }
    case 'port':
      // A number needs nobody's consent.
      return typeof link.port === 'number';
    case 'local':
      return false;
  }
}

function* labelTokens(object: ManifestObject, path: string): Generator<SemanticToken> {
  for (const range of scalarsOf(object.document.nodeFor(path))) yield { ...range, type: 'label' };
}

/** The keys of ConfigMaps and Secrets, which others name. */
function* keyTokens({ gvk, document }: ManifestObject): Generator<SemanticToken> {
  if (gvk.group !== '' || (gvk.kind !== 'ConfigMap' && gvk.kind !== 'Secret')) return;
  for (const field of ['data', 'stringData', 'binaryData']) {
    const map = childOf(document.root, field);
    for (const { key, merged } of map?.kind === 'map' ? map.pairs : [])
      if (!merged) yield { start: key.start, end: key.end, type: 'key' };
  }
}

/** The values of a plain map, where each fits in a line. */
const scalarsOf = (node: ManifestNode | undefined): TextRange[] =>
  node?.kind === 'map' && !node.alias
    ? node.pairs.flatMap(({ value, merged }) =>
        merged || value.kind !== 'scalar' || value.templated ? [] : [{ start: value.start, end: value.end }],
      )
    : [];

function templateTokens({ kind, text }: SourceFile): SemanticToken[] {
  if (kind !== 'template') return [];
  return [...text.matchAll(/\{\{[^\n]*?\}\}/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    type: 'template',
  }));
}
