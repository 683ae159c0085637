/** Where each form of link leads. */
import { childOf, type ManifestNode, pairFor, type TextRange } from '#common/manifests/nodes.ts';
import type { KindName } from '../facts/liveFacts.ts';
import type { LabelOwner } from './labelOwners.ts';
import { podSpecPathOf } from './labelOwners.ts';
import type { KeyLink, Link, LinkTarget, LocalLink, PortLink, SelectorLink } from './links.ts';
import type { ManifestObject } from './manifestObject.ts';

/** What of the graph is needed here. */
export interface Lookup {
  objectsNamed(kind: KindName, namespace: string, name: string): readonly ManifestObject[];
  matched(link: Pick<SelectorLink, 'to' | 'selector' | 'scope'>): readonly LabelOwner[];
}

const service: KindName = { group: '', kind: 'Service' };

export function targetsOf(graph: Lookup, link: Link): LinkTarget[] {
  switch (link.type) {
    case 'name':
      return graph.objectsNamed(link.to, link.namespace, link.name).map((object) => targetAt(object, 'metadata.name'));
    case 'key':
      return keyTargets(graph, link);
    case 'selector':
      return graph.matched(link).map(({ object, metadataPath }) => targetAt(object, `${metadataPath}.labels`));
    case 'port':
      return portTargets(graph, link);
    case 'local':
      return localTargets(link);
  }
}

const targetAt = (object: ManifestObject, path: string): LinkTarget => ({ object, path, range: object.rangeFor(path) });

function keyTargets(graph: Lookup, { to, namespace, name, key }: KeyLink): LinkTarget[] {
  return graph.objectsNamed(to, namespace, name).flatMap((object) => {
    for (const field of ['data', 'stringData', 'binaryData']) {
      const pair = pairFor(childOf(object.document.root, field), key);
      if (pair) return [{ object, path: `${field}[${key}]`, range: pair.key }];
    }
    return [];
  });
}

/** A port of a list, by name or by a number in `numberField`. */
function portIn(
  node: ManifestNode | undefined,
  path: string,
  port: string | number,
  numberField: string,
): { path: string; range: TextRange } | undefined {
  if (node?.kind !== 'sequence') return undefined;
  for (const [i, item] of node.items.entries()) {
    const field = typeof port === 'number' ? numberField : 'name';
    const value = childOf(item, field);
    if (value?.kind === 'scalar' && value.value === port) return { path: `${path}[${i}].${field}`, range: value };
  }
  return undefined;
}

function portTargets(graph: Lookup, link: PortLink): LinkTarget[] {
  const { of, from, port } = link;
  if (of === 'selected') {
    return from.links
      .filter((each) => each.type === 'selector')
      .flatMap((selector) => graph.matched(selector))
      .flatMap(({ object, podSpecPath }) => (podSpecPath === undefined ? [] : containerPorts(object, podSpecPath, port)));
  }
  if ('own' in of) return containerPorts(from, of.own, port);
  return graph.objectsNamed(service, of.namespace, of.service).flatMap((object) => {
    const found = portIn(object.document.nodeFor('spec.ports'), 'spec.ports', port, 'port');
    return found ? [{ object, ...found }] : [];
  });
}

/** The ports called so of the containers in a pod's spec. */
export function containerPorts(object: ManifestObject, podSpecPath: string, port: string | number): LinkTarget[] {
  const found: LinkTarget[] = [];
  for (const field of ['containers', 'initContainers', 'ephemeralContainers']) {
    const path = podSpecPath ? `${podSpecPath}.${field}` : field;
    const containers = object.document.nodeFor(path);
    if (containers?.kind !== 'sequence') continue;
    for (const [i, container] of containers.items.entries()) {
      const at = portIn(childOf(container, 'ports'), `${path}[${i}].ports`, port, 'containerPort');
      if (at) found.push({ object, ...at });
    }
  }
  return found;
}

function localTargets({ from, lists, name }: LocalLink): LinkTarget[] {
  for (const list of lists) {
    const node = from.document.nodeFor(list);
    if (node?.kind !== 'sequence') continue;
    for (const [i, item] of node.items.entries()) {
      for (const [path, value] of [
        ['name', childOf(item, 'name')],
        // The name of a claim's template.
        ['metadata.name', childOf(childOf(item, 'metadata'), 'name')],
      ] as const) {
        if (value?.kind === 'scalar' && value.value === name)
          return [{ object: from, path: `${list}[${i}].${path}`, range: value }];
      }
    }
  }
  return [];
}

/** Where the pod's spec of an object is, when it has one. */
export const podSpecOf = (object: ManifestObject): string | undefined => podSpecPathOf(object.gvk, object.content.root);
