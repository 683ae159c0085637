/** All places of the workspace that stand for a symbol: what find references shows, and what a rename changes. */
import { childOf, type ManifestNode, pairFor, type ScalarNode } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import type { PortLink, SelectorLink } from '../../workspace/links.ts';
import { containerPorts } from '../../workspace/linkTargets.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import type { ReferenceGraph } from '../../workspace/referenceGraph.ts';
import { labelsOfOwner, labelsOfSelector, type LabelPlace } from './labelPlaces.ts';
import type {
  ContainerPortSymbol,
  KeySymbol,
  LabelSymbol,
  LocalSymbol,
  ManifestSymbol,
  ObjectSymbol,
  Occurrence,
  ServicePortSymbol,
} from './symbol.ts';
import { nameIn, wordOf } from './symbolAt.ts';

export function occurrencesOf({ graph }: Pick<Snapshot, 'graph'>, symbol: ManifestSymbol): Occurrence[] {
  switch (symbol.type) {
    case 'object':
      return ofObject(graph, symbol);
    case 'key':
      return ofKey(graph, symbol);
    case 'label':
      return ofLabel(graph, symbol);
    case 'containerPort':
      return ofContainerPort(graph, symbol);
    case 'servicePort':
      return ofServicePort(graph, symbol);
    case 'local':
      return ofLocal(symbol);
  }
}

const occurrence = (object: ManifestObject, node: ManifestNode | undefined, declares: boolean): Occurrence[] =>
  node?.kind === 'scalar' && !node.templated ? [{ object, range: wordOf(node), declares }] : [];

function ofObject(graph: ReferenceGraph, { kind, namespace, name }: ObjectSymbol): Occurrence[] {
  return [
    ...graph
      .objectsNamed(kind, namespace, name)
      .flatMap((object) => occurrence(object, object.document.nodeFor('metadata.name'), true)),
    ...graph
      .linksNaming(kind, namespace, name)
      .filter(({ type }) => type === 'name')
      .flatMap(({ from, path }) => occurrence(from, from.document.nodeFor(path), false)),
  ];
}

function ofKey(graph: ReferenceGraph, { kind, namespace, name, key }: KeySymbol): Occurrence[] {
  const declared = graph
    .objectsNamed(kind, namespace, name)
    .flatMap((object) =>
      ['data', 'stringData', 'binaryData'].flatMap((field) =>
        occurrence(object, pairFor(childOf(object.document.root, field), key)?.key, true),
      ),
    );
  const used = graph
    .linksNaming(kind, namespace, name)
    .flatMap((link) =>
      link.type === 'key' && link.key === key ? occurrence(link.from, link.from.document.nodeFor(link.path), false) : [],
    );
  return [...declared, ...used];
}

/**
 * A label and its selectors hold each other: a selector that matches brings in everything else that it matches by this label,
 * and that its other selectors. Nothing outside this circle changes its meaning when all of it is renamed.
 */
function ofLabel(graph: ReferenceGraph, { key, value, part, at }: LabelSymbol): Occurrence[] {
  const owners = new Set<LabelOwner>();
  const selectors = new Set<SelectorLink>();
  const same = ({ label, text }: LabelPlace): boolean => label === key && text === value;
  const addOwner = (owner: LabelOwner): void => {
    if (owners.has(owner) || owner.labels[key] !== value) return;
    owners.add(owner);
    for (const selector of graph.selectorsOf(owner)) if (labelsOfSelector(selector).some(same)) addSelector(selector);
  };
  const addSelector = (selector: SelectorLink): void => {
    if (selectors.has(selector)) return;
    selectors.add(selector);
    for (const owner of graph.matched(selector)) addOwner(owner);
  };
  if ('owner' in at) addOwner(at.owner);
  else addSelector(at.selector);

  const word = (place: LabelPlace): ScalarNode => (part === 'key' ? place.key : place.value);
  return [
    ...[...owners].flatMap((owner) =>
      labelsOfOwner(owner)
        .filter(same)
        .flatMap((place) => occurrence(owner.object, word(place), true)),
    ),
    ...[...selectors].flatMap((link) =>
      labelsOfSelector(link)
        .filter(same)
        .flatMap((place) => occurrence(link.from, word(place), false)),
    ),
  ];
}

function ofContainerPort(graph: ReferenceGraph, { object, podSpecPath, name }: ContainerPortSymbol): Occurrence[] {
  const declared = containerPorts(object, podSpecPath, name).flatMap(({ path }) =>
    occurrence(object, object.document.nodeFor(path), true),
  );
  const own = portLinks(object).filter(
    ({ of, port }) => port === name && of !== 'selected' && 'own' in of && of.own === podSpecPath,
  );
  const services = object.owners
    .filter((owner) => owner.podSpecPath === podSpecPath)
    .flatMap((owner) => graph.selectorsOf(owner))
    .flatMap(({ from }) => portLinks(from).filter(({ of, port }) => port === name && of === 'selected'));
  const used = new Set([...own, ...services]);
  return [...declared, ...[...used].flatMap(({ from, path }) => occurrence(from, from.document.nodeFor(path), false))];
}

const portLinks = ({ links }: ManifestObject): PortLink[] => links.filter((link): link is PortLink => link.type === 'port');
const service = { group: '', kind: 'Service' };

function ofServicePort(graph: ReferenceGraph, { namespace, service: serviceName, name }: ServicePortSymbol): Occurrence[] {
  const declared = graph.objectsNamed(service, namespace, serviceName).flatMap((object) => {
    const ports = object.document.nodeFor('spec.ports');
    const items = ports?.kind === 'sequence' ? ports.items : [];
    return items
      .map((item) => childOf(item, 'name'))
      .flatMap((node) => (isText(node, name) ? occurrence(object, node, true) : []));
  });
  const users = new Set(graph.linksNaming(service, namespace, serviceName).map(({ from }) => from));
  const used = [...users].flatMap((from) =>
    portLinks(from).flatMap(({ of, port, path }) =>
      port === name && of !== 'selected' && 'service' in of && of.service === serviceName && of.namespace === namespace
        ? occurrence(from, from.document.nodeFor(path), false)
        : [],
    ),
  );
  return [...declared, ...used];
}

function ofLocal({ object, lists, name }: LocalSymbol): Occurrence[] {
  const declared = lists.flatMap((list) => {
    const node = object.document.nodeFor(list);
    const items = node?.kind === 'sequence' ? node.items : [];
    return items.map(nameIn).flatMap((each) => (isText(each, name) ? occurrence(object, each, true) : []));
  });
  const used = object.links.flatMap((link) =>
    link.type === 'local' && link.name === name && link.lists.some((list) => lists.includes(list))
      ? occurrence(object, object.document.nodeFor(link.path), false)
      : [],
  );
  return [...declared, ...used];
}

const isText = (node: ManifestNode | undefined, text: string): boolean => node?.kind === 'scalar' && node.value === text;
