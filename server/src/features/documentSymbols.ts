/** The outline of a file: its objects, their containers, ports and keys. */
import { childOf, keyText, type ManifestNode, textOf } from '#common/manifests/nodes.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { podSpecPathOf } from '../workspace/labelOwners.ts';
import type { DocumentSymbol, OfFile, SymbolKind } from './feature.ts';

export const provideDocumentSymbols: OfFile<readonly DocumentSymbol[]> = (_snapshot, file) =>
  file.documents.flatMap((document) => symbolOf(document) ?? []);

function symbolOf(document: ManifestDocument): DocumentSymbol | undefined {
  const { root, gvk, namespace } = document;
  if (!root || !gvk) return undefined;
  const podSpec = podSpecPathOf(gvk, root);
  const children = [
    ...(podSpec === undefined ? [] : containers(document.nodeFor(podSpec))),
    ...(gvk.kind === 'Service' && gvk.group === '' ? ports(document.nodeFor('spec.ports'), 'port') : []),
    ...(gvk.kind === 'ConfigMap' || gvk.kind === 'Secret'
      ? ['data', 'stringData', 'binaryData'].flatMap((field) => keys(childOf(root, field)))
      : []),
  ];
  return {
    name: `${gvk.kind}/${document.name ?? ''}`,
    ...(namespace === undefined ? {} : { detail: namespace }),
    kind: 'object',
    range: root,
    selection: document.rangeFor('metadata.name'),
    children,
  };
}

function containers(spec: ManifestNode | undefined): DocumentSymbol[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    itemsOf(childOf(spec, field)).flatMap((container) =>
      named(
        container,
        'name',
        'container',
        textOf(childOf(container, 'image')),
        ports(childOf(container, 'ports'), 'containerPort'),
      ),
    ),
  );
}

const ports = (list: ManifestNode | undefined, numberField: string): DocumentSymbol[] =>
  itemsOf(list).flatMap((port) => {
    const number = childOf(port, numberField);
    const detail = number?.kind === 'scalar' && number.value !== null ? String(number.value) : undefined;
    const byName = named(port, 'name', 'port', detail, []);
    return byName.length > 0 ? byName : named(port, numberField, 'port', undefined, []);
  });

function named(
  node: ManifestNode,
  field: string,
  kind: SymbolKind,
  detail: string | undefined,
  children: DocumentSymbol[],
): DocumentSymbol[] {
  const name = childOf(node, field);
  if (name?.kind !== 'scalar' || name.value === null) return [];
  return [
    { name: String(name.value), ...(detail === undefined ? {} : { detail }), kind, range: node, selection: name, children },
  ];
}

const itemsOf = (node: ManifestNode | undefined): readonly ManifestNode[] => (node?.kind === 'sequence' ? node.items : []);

function keys(node: ManifestNode | undefined): DocumentSymbol[] {
  if (node?.kind !== 'map') return [];
  return node.pairs
    .filter(({ merged }) => !merged)
    .map(({ key, value }) => ({
      name: keyText(key),
      kind: 'key',
      range: { start: key.start, end: Math.max(key.end, value.end) },
      selection: key,
    }));
}
