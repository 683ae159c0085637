/** Which symbol a place in a text stands for. */
import { childOf, keyText, type ManifestNode, type ScalarNode, type TextRange } from '#common/manifests/nodes.ts';
import { documentAt, type SourceFile } from '#common/manifests/sourceFile.ts';
import type { Snapshot } from '../../snapshot.ts';
import { podSpecPathOf } from '../../workspace/labelOwners.ts';
import type { Link, PortLink } from '../../workspace/links.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { ReferenceGraph } from '../../workspace/referenceGraph.ts';
import { labelsOfOwner, labelsOfSelector, type LabelPlace } from './labelPlaces.ts';
import type { LabelSymbol, ManifestSymbol, SymbolAt } from './symbol.ts';

export function symbolAt({ graph }: Pick<Snapshot, 'graph'>, file: SourceFile, offset: number): SymbolAt | undefined {
  const document = documentAt(file, offset);
  const object = document && graph.objectOf(document);
  const found = document?.nodeAt(offset);
  if (!object || !found) return undefined;
  const label = labelAt(object, offset);
  if (label) return label;
  const { node, onKey } = found;
  const word = onKey && node.parent?.kind === 'pair' ? node.parent.key : node;
  if (word.kind !== 'scalar' || word.templated) return undefined;
  const symbol = onKey ? keySymbol(object, node) : (linkSymbol(graph, graph.linkAt(file, offset)) ?? declared(object, word));
  return symbol && { symbol, range: wordOf(word), text: String(word.value ?? '') };
}

/** The text of a scalar without its quotes. */
export const wordOf = ({ start, end, style }: ScalarNode): TextRange =>
  style === 'single' || style === 'double' ? { start: start + 1, end: end - 1 } : { start, end };

function labelAt(object: ManifestObject, offset: number): SymbolAt | undefined {
  for (const owner of object.owners) {
    const found = placeAt(labelsOfOwner(owner), offset, { owner });
    if (found) return found;
  }
  for (const link of object.links) {
    if (link.type !== 'selector') continue;
    const found = placeAt(labelsOfSelector(link), offset, { selector: link });
    if (found) return found;
  }
  return undefined;
}

function placeAt(places: readonly LabelPlace[], offset: number, at: LabelSymbol['at']): SymbolAt | undefined {
  const inside = ({ start, end }: TextRange): boolean => start <= offset && offset <= end;
  for (const { key, value, label, text } of places) {
    const part = inside(value) ? 'value' : inside(key) ? 'key' : undefined;
    if (!part) continue;
    const symbol: LabelSymbol = { type: 'label', part, key: label, value: text, at };
    return part === 'value' ? { symbol, range: wordOf(value), text } : { symbol, range: wordOf(key), text: label };
  }
  return undefined;
}

/** A key of a ConfigMap's or Secret's data. */
function keySymbol({ gvk, namespace, name, document }: ManifestObject, node: ManifestNode): ManifestSymbol | undefined {
  if (gvk.group !== '' || (gvk.kind !== 'ConfigMap' && gvk.kind !== 'Secret')) return undefined;
  const [field, key, ...rest] = document.pathOf(node);
  if (rest.length > 0 || typeof key !== 'string' || !['data', 'stringData', 'binaryData'].includes(String(field)))
    return undefined;
  return { type: 'key', kind: gvk, namespace, name, key };
}

function linkSymbol(graph: ReferenceGraph, link: Link | undefined): ManifestSymbol | undefined {
  switch (link?.type) {
    case 'name':
      return { type: 'object', kind: link.to, namespace: link.namespace, name: link.name };
    case 'key':
      return { type: 'key', kind: link.to, namespace: link.namespace, name: link.name, key: link.key };
    case 'local':
      return { type: 'local', object: link.from, lists: link.lists, name: link.name };
    case 'port':
      return typeof link.port === 'string' ? portSymbol(graph, link, link.port) : undefined;
    default:
      return undefined;
  }
}

function portSymbol(graph: ReferenceGraph, link: PortLink, name: string): ManifestSymbol | undefined {
  const { of, from } = link;
  if (of !== 'selected') {
    return 'own' in of
      ? { type: 'containerPort', object: from, podSpecPath: of.own, name }
      : { type: 'servicePort', namespace: of.namespace, service: of.service, name };
  }
  const [target] = graph.targetsOf(link);
  const podSpecPath = target && podSpecPathOf(target.object.gvk, target.object.document.root);
  return target && podSpecPath !== undefined ? { type: 'containerPort', object: target.object, podSpecPath, name } : undefined;
}

/** A name at the place that gives it: of the object, of a port, of a volume. */
function declared(object: ManifestObject, node: ScalarNode): ManifestSymbol | undefined {
  if (typeof node.value !== 'string' || node.parent?.kind !== 'pair' || keyText(node.parent.key) !== 'name') return undefined;
  const { gvk, namespace, name, document } = object;
  const path = document.pathOf(node).map(String).join('.');
  if (path === 'metadata.name') return { type: 'object', kind: gvk, namespace, name };
  if (gvk.group === '' && gvk.kind === 'Service' && /^spec\.ports\.\d+\.name$/.test(path)) {
    return { type: 'servicePort', namespace, service: name, name: node.value };
  }
  const podSpecPath = podSpecPathOf(gvk, document.root);
  if (podSpecPath === undefined || !path.startsWith(`${podSpecPath}.`)) return undefined;
  const inPod = path.slice(podSpecPath.length + 1);
  if (/^(containers|initContainers|ephemeralContainers)\.\d+\.ports\.\d+\.name$/.test(inPod)) {
    return { type: 'containerPort', object, podSpecPath, name: node.value };
  }
  const list = /^(volumes|resourceClaims)\.\d+\.name$/.exec(inPod)?.[1];
  return list === undefined ? undefined : { type: 'local', object, lists: [`${podSpecPath}.${list}`], name: node.value };
}

/** The name's node of an item of a list, `name` or `metadata.name`. */
export const nameIn = (item: ManifestNode): ManifestNode | undefined =>
  childOf(item, 'name') ?? childOf(childOf(item, 'metadata'), 'name');
