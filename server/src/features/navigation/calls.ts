/**
 * Who reaches whom, as a call hierarchy: Ingress → Service → workload, an autoscaler → what it scales, a workload → its
 * configuration. Each link by name or selector is a call.
 */
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { TextRange } from '#common/manifests/nodes.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Link } from '../../workspace/links.ts';
import { type ManifestObject, objectTitle } from '../../workspace/manifestObject.ts';
import type { AtOffset, CallEdge, CallItem } from '../feature.ts';

const itemOf = (object: ManifestObject): CallItem => ({
  name: objectTitle(object),
  ...(object.namespace ? { detail: object.namespace } : {}),
  location: {
    uri: object.uri,
    range: { start: object.document.start, end: object.document.end },
    selection: object.rangeFor('metadata.name'),
  },
  data: { uri: object.uri, index: object.document.index },
});

export const prepareCalls: AtOffset<readonly CallItem[]> = ({ graph }, file, offset) => {
  const document = documentAt(file, offset);
  const object = document && graph.objectOf(document);
  return object ? [itemOf(object)] : undefined;
};

/** A workload's selector of its own pods leads nowhere else. */
const isOwnSelector = ({ type, from, path }: Link, to: ManifestObject): boolean =>
  type === 'selector' && from === to && path === 'spec.selector';

export function provideOutgoingCalls({ graph }: Snapshot, document: ManifestDocument): readonly CallEdge[] {
  const object = graph.objectOf(document);
  const edges = new Map<ManifestObject, TextRange[]>();
  for (const link of object?.links ?? []) {
    if (link.type !== 'name' && link.type !== 'selector') continue;
    for (const { object: target } of graph.targetsOf(link)) {
      if (target !== object && !isOwnSelector(link, target)) add(edges, target, link.range);
    }
  }
  return edgesOf(edges);
}

export function provideIncomingCalls({ graph }: Snapshot, document: ManifestDocument): readonly CallEdge[] {
  const object = graph.objectOf(document);
  const edges = new Map<ManifestObject, TextRange[]>();
  for (const link of object ? graph.linksTo(object) : []) {
    if (link.type !== 'key' && link.from !== object) add(edges, link.from, link.range);
  }
  return edgesOf(edges);
}

function add(edges: Map<ManifestObject, TextRange[]>, object: ManifestObject, range: TextRange): void {
  const ranges = edges.get(object);
  if (ranges) ranges.push(range);
  else edges.set(object, [range]);
}

const edgesOf = (edges: ReadonlyMap<ManifestObject, readonly TextRange[]>): CallEdge[] =>
  [...edges].map(([object, from]) => ({ item: itemOf(object), from }));
