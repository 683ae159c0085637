/** Defaults that depend on the cluster: the default classes, the node ports that it gave, and what is added when a pod is made. */
import type { UntypedObject } from '#common/api/meta.ts';
import { childOf, type ManifestNode } from '#common/manifests/nodes.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';
import { podSpecOf } from '../../workspace/linkTargets.ts';
import type { InlayHint } from '../feature.ts';
import { behind, behindName } from './hintPlaces.ts';

export function* clusterHints(snapshot: Snapshot, object: ManifestObject, text: string): Generator<InlayHint> {
  const { kind, group } = object.gvk;
  if (kind === 'PersistentVolumeClaim' && group === '') yield* claimHint(snapshot, object, 'spec', text);
  if (kind === 'StatefulSet' && group === 'apps') {
    const templates = object.document.nodeFor('spec.volumeClaimTemplates');
    const count = templates?.kind === 'sequence' ? templates.items.length : 0;
    for (let i = 0; i < count; i++) yield* claimHint(snapshot, object, `spec.volumeClaimTemplates[${i}].spec`, text);
  }
  if (kind === 'Ingress' && group === 'networking.k8s.io') yield* ingressHint(snapshot, object, text);
  if (kind === 'Service' && group === '') yield* nodePortHints(snapshot, object);
  const podSpec = podSpecOf(object);
  if (podSpec !== undefined) yield* requestHints(snapshot, object, podSpec, text);
}

const storageClass: KindName = { group: 'storage.k8s.io', kind: 'StorageClass' };
const ingressClass: KindName = { group: 'networking.k8s.io', kind: 'IngressClass' };

/** The name of the class that is marked so, the newest of several; `null` when the cluster has none, undefined when nobody knows. */
function defaultClass({ facts, graph }: Snapshot, kind: KindName, annotation: string): string | null | undefined {
  const marked = (object: Pick<UntypedObject, 'metadata'>): boolean => object.metadata?.annotations?.[annotation] === 'true';
  const live = facts.list(kind).filter(marked);
  const [newest] = live.toSorted((a, b) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1,
  );
  if (newest?.metadata.name) return newest.metadata.name;
  const written = graph.objectsOf(kind).find(({ document }) => marked(document.value as UntypedObject));
  if (written) return written.name;
  return facts.knows(kind) ? null : undefined;
}

function* claimHint(snapshot: Snapshot, object: ManifestObject, path: string, text: string): Generator<InlayHint> {
  const spec = object.document.nodeFor(path);
  const bound = ['storageClassName', 'volumeName'].some((field) => childOf(spec, field) !== undefined);
  if (spec?.kind !== 'map' || bound) return;
  const name = defaultClass(snapshot, storageClass, 'storageclass.kubernetes.io/is-default-class');
  if (name === undefined) return;
  yield {
    offset: behindName(text, spec),
    label: `storageClassName: ${name ?? snapshot.l10n.t('none')}`,
    tooltip: snapshot.l10n.t(
      name === null
        ? 'The cluster has no default StorageClass: the claim waits for a volume without a class, or until a class becomes the default.'
        : 'The default StorageClass. An empty text asks for a volume without a class instead.',
    ),
  };
}

function* ingressHint(snapshot: Snapshot, object: ManifestObject, text: string): Generator<InlayHint> {
  const spec = object.document.nodeFor('spec');
  const annotations = object.document.nodeFor('metadata.annotations');
  const named = childOf(spec, 'ingressClassName') ?? childOf(annotations, 'kubernetes.io/ingress.class');
  if (spec?.kind !== 'map' || named) return;
  const name = defaultClass(snapshot, ingressClass, 'ingressclass.kubernetes.io/is-default-class');
  if (name === undefined) return;
  yield {
    offset: behindName(text, spec),
    label: `ingressClassName: ${name ?? snapshot.l10n.t('none')}`,
    tooltip: snapshot.l10n.t(
      name === null ? 'The cluster has no default IngressClass: nobody acts on the Ingress.' : 'The default IngressClass.',
    ),
  };
}

function* nodePortHints({ facts, l10n }: Snapshot, object: ManifestObject): Generator<InlayHint> {
  const type = (childOf(object.document.nodeFor('spec'), 'type') as { value?: unknown } | undefined)?.value;
  const ports = object.document.nodeFor('spec.ports');
  if ((type !== 'NodePort' && type !== 'LoadBalancer') || ports?.kind !== 'sequence') return;
  const live = facts.get(object.gvk, object.namespace, object.name) as
    { spec?: { ports?: readonly { port?: number; protocol?: string; nodePort?: number }[] } } | undefined;
  for (const item of ports.items) {
    const port = childOf(item, 'port');
    if (childOf(item, 'nodePort') || port?.kind !== 'scalar' || typeof port.value !== 'number') continue;
    const protocol = scalarOf(childOf(item, 'protocol')) ?? 'TCP';
    const given = live?.spec?.ports?.find((each) => each.port === port.value && (each.protocol ?? 'TCP') === protocol)?.nodePort;
    if (given === undefined) continue;
    const tooltip = l10n.t('The port on every node that the cluster gave to it.');
    yield { offset: behind(port), label: `nodePort: ${given}`, tooltip };
  }
}

const scalarOf = (node: ManifestNode | undefined): unknown => (node?.kind === 'scalar' ? node.value : undefined);

/** A limit without a request is a request of the same amount. */
function* requestHints({ l10n }: Snapshot, object: ManifestObject, podSpec: string, text: string): Generator<InlayHint> {
  for (const list of ['containers', 'initContainers']) {
    const containers = object.document.nodeFor(`${podSpec}.${list}`);
    for (const container of containers?.kind === 'sequence' ? containers.items : []) {
      const resources = childOf(container, 'resources');
      const limits = childOf(resources, 'limits');
      const requests = childOf(resources, 'requests');
      if (limits?.kind !== 'map' || limits.pairs.length === 0) continue;
      const added = limits.pairs.flatMap(({ key, value }) =>
        childOf(requests, String(key.value)) || value.kind !== 'scalar' || value.value === null
          ? []
          : [`${String(key.value)} ${String(value.value)}`],
      );
      if (added.length === 0) continue;
      yield {
        offset: behindName(text, limits),
        label: `requests: ${added.join(', ')}`,
        tooltip: l10n.t(
          'What has a limit and no request is requested at its limit: the scheduler looks for a node with so much free.',
        ),
      };
    }
  }
}
