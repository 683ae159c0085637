/** Ports by name and number: of the container's own for probes, of the selected pods for a Service, of the Service for an Ingress. */
import { selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { Reference } from '#common/kinds/defineKind.ts';
import { childOf, type ManifestNode, textOf } from '#common/manifests/nodes.ts';
import { plainValue } from '#common/manifests/plainValue.ts';
import type { Snapshot } from '../../snapshot.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { valueItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, ownNamespace, placeAt } from './place.ts';
import { besideCursor, nodesOfPath, referencesAt } from './referencesAt.ts';

interface Port {
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly from: string;
}
type PortReference = Extract<Reference, { type: 'port' }>;

const service = { group: '', kind: 'Service' };
const pod = { group: '', kind: 'Pod' };
const mostMatches = 50;

export const providePortCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value') return undefined;
  const reference = referencesAt(place, place.path).find((each) => each.type === 'port');
  const found = reference ? portsFor(snapshot, place, reference) : servicePort(snapshot, place);
  if (!found) return undefined;
  const field = place.path.at(-1);
  const items = new Map<string, Completion>();
  for (const { name, number, from } of found) {
    const both = name !== undefined && number !== undefined;
    if (name && field !== 'number' && reference && !items.has(name))
      items.set(name, valueItem(place, name, 'reference', { detail: `${both ? `${number} · ` : ''}${from}`, sort: `0${name}` }));
    if (number !== undefined && field !== 'name' && !items.has(String(number)))
      items.set(
        String(number),
        valueItem(place, number, 'reference', { detail: `${both ? `${name} · ` : ''}${from}`, sort: `1${number}` }),
      );
  }
  return [...items.values()];
};

/** A Service's own port is mostly that of its pods. */
function servicePort(snapshot: Snapshot, place: CompletionPlace): Port[] | undefined {
  const isPort = place.gvk?.kind === 'Service' && place.gvk.group === '' && place.path[1] === 'ports' && place.path[3] === 'port';
  return isPort ? selectedPorts(snapshot, place) : undefined;
}

function portsFor(snapshot: Snapshot, place: CompletionPlace, { of, namePath, namespacePath }: PortReference): Port[] {
  if (of === 'containers') return ownPorts(place, snapshot);
  if (of === 'selected') return selectedPorts(snapshot, place);
  const name = namePath && textOf(nodeAtPath(place, besideCursor(namePath, place.path)));
  if (!name) return [];
  const namespace =
    (namespacePath && textOf(nodeAtPath(place, besideCursor(namespacePath, place.path)))) || ownNamespace(place, snapshot);
  const from = `Service/${name}`;
  const written = snapshot.graph
    .objectsNamed(service, namespace, name)
    .flatMap(({ document }) => nodesOfPath(document.root, 'spec.ports[]').map((node) => portOf(node, 'port', from)));
  return [...written, ...livePorts(snapshot.facts.get(service, namespace, name)?.['spec'], 'port', liveFrom(snapshot, from))];
}

const liveFrom = ({ l10n }: Snapshot, from: string): string => `${from} · ${l10n.t('cluster')}`;

/** Of the container around a probe; of the pod's others when it has none. */
function ownPorts(place: CompletionPlace, { l10n }: Snapshot): Port[] {
  const at = place.path.findLastIndex((step) => /^(?:containers|initContainers|ephemeralContainers)$/.test(String(step)));
  const portsOf = (container: ManifestNode | undefined): Port[] =>
    nodesOfPath(container, 'ports[]').map((node) =>
      portOf(node, 'containerPort', l10n.t('container {0}', textOf(childOf(container, 'name')) ?? '')),
    );
  const own = portsOf(nodeAtPath(place, place.path.slice(0, at + 2)));
  if (own.length > 0) return own;
  const list = nodeAtPath(place, place.path.slice(0, at + 1));
  return list?.kind === 'sequence' ? list.items.flatMap(portsOf) : [];
}

function selectedPorts(snapshot: Snapshot, place: CompletionPlace): Port[] {
  const namespace = ownNamespace(place, snapshot);
  const found: Port[] = [];
  for (const reference of place.schema?.kind.definition.references ?? []) {
    if (reference.type !== 'selector') continue;
    const node = nodeAtPath(place, reference.path);
    const value = node && plainValue(node);
    if (!isJsonObject(value) || Object.keys(value).length === 0) continue;
    const selector =
      reference.form === 'map' ? selectorFromMap(textsOf(value)) : selectorFromLabelSelector(value as LabelSelector);
    for (const { object, podSpecPath } of snapshot.graph
      .ownersMatching(pod, { only: [namespace] }, selector)
      .slice(0, mostMatches)) {
      if (podSpecPath === undefined) continue;
      for (const port of nodesOfPath(object.document.root, `${podSpecPath}.containers[].ports[]`))
        found.push(portOf(port, 'containerPort', objectTitle(object)));
    }
    for (const { metadata, ...live } of snapshot.facts.podsMatching(namespace, selector).slice(0, mostMatches)) {
      const { containers } = (isJsonObject(live['spec']) ? live['spec'] : {}) as { containers?: unknown };
      for (const container of Array.isArray(containers) ? containers : [])
        found.push(...livePorts(container, 'containerPort', liveFrom(snapshot, `Pod/${metadata.name}`)));
    }
  }
  return found;
}

const textsOf = (value: object): Record<string, string> =>
  Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

function portOf(node: ManifestNode, field: string, from: string): Port {
  const number = childOf(node, field);
  return {
    name: textOf(childOf(node, 'name')) || undefined,
    number: number?.kind === 'scalar' && typeof number.value === 'number' ? number.value : undefined,
    from,
  };
}

function livePorts(holder: unknown, field: string, from: string): Port[] {
  const ports = isJsonObject(holder) ? holder['ports'] : undefined;
  if (!Array.isArray(ports)) return [];
  return ports.filter(isJsonObject).map((port) => ({
    name: typeof port['name'] === 'string' ? port['name'] : undefined,
    number: typeof port[field] === 'number' ? port[field] : undefined,
    from,
  }));
}
