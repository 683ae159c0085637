/**
 * Which collections are kept for an object's page: what it names, what it selects and owns, and what may name or select it.
 * As little of each as a selector can say. Pure.
 */
import { selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { serviceNameLabel } from './endpoints.ts';
import { kindNamed, storedKinds } from './kindTable.ts';
import { namedObjects } from './objectReferences.ts';

export interface RelatedWatch {
  readonly kind: string;
  readonly group: string;
  readonly apiVersion: string;
  /** With its query. */
  readonly path: string;
  /** The one object that it is about. */
  readonly only?: { readonly namespace: string; readonly name: string };
}

const mostNamed = 24;
/** What has pods made from a template. */
const templated = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job']);
const podMakers = new Set([...templated, 'CronJob', 'PodTemplate']);

export function relatedWatches(object: KubeObject, definition: KindDefinition | undefined): RelatedWatch[] {
  const { namespace = '', name = '' } = object.metadata;
  const found = new Map<string, RelatedWatch>();
  const add = (kind: KindDefinition | undefined, within: string, query: Query = {}, only?: RelatedWatch['only']): void => {
    if (!kind) return;
    const path = withQuery(resourcePath(apiVersionOf(kind), kind.plural, kind.namespaced ? within : undefined), query);
    if (!found.has(path))
      found.set(path, { kind: kind.kind, group: kind.group, apiVersion: apiVersionOf(kind), path, ...(only ? { only } : {}) });
  };
  for (const target of definition ? namedObjects(object, definition).slice(0, mostNamed) : []) {
    const only = { namespace: target.namespace, name: target.name };
    add(kindNamed(target.group, target.kind), target.namespace, { fieldSelector: `metadata.name=${target.name}` }, only);
  }
  for (const owner of object.metadata.ownerReferences ?? []) {
    const kind = kindNamed(groupOf(owner.apiVersion), owner.kind);
    const only = { namespace: kind?.namespaced ? namespace : '', name: owner.name };
    add(kind, namespace, { fieldSelector: `metadata.name=${owner.name}` }, only);
  }
  const pods = kindNamed('', 'Pod');
  const labelSelector = podSelector(object);
  if (labelSelector) add(pods, namespace, { labelSelector });
  switch (object.kind) {
    case 'Deployment':
      add(kindNamed('apps', 'ReplicaSet'), namespace, labelSelector ? { labelSelector } : {});
      break;
    case 'StatefulSet':
      add(kindNamed('', 'PersistentVolumeClaim'), namespace, labelSelector ? { labelSelector } : {});
      break;
    case 'CronJob':
      add(kindNamed('batch', 'Job'), namespace);
      break;
    case 'Service':
      add(kindNamed('discovery.k8s.io', 'EndpointSlice'), namespace, { labelSelector: `${serviceNameLabel}=${name}` });
      break;
    case 'Node':
      add(pods, '', { fieldSelector: `spec.nodeName=${name}` });
      break;
    case 'Namespace':
      add(kindNamed('', 'ResourceQuota'), name);
      add(kindNamed('', 'LimitRange'), name);
      break;
    default:
      // Nobody knows what a custom resource's operator makes; most often it is one of these.
      if (!definition && namespace) for (const kind of oftenOwned) add(kind, namespace);
  }
  for (const kind of referrersOf(object)) add(kind, namespace);
  return [...found.values()];
}

type Query = Readonly<Record<string, string>>;

const oftenOwned = [
  ['apps', 'Deployment'],
  ['apps', 'StatefulSet'],
  ['batch', 'Job'],
  ['', 'Service'],
  ['', 'ConfigMap'],
  ['', 'Pod'],
].map(([group = '', kind = '']) => kindNamed(group, kind));

const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));

/** The kinds whose objects may name or select this one. */
function referrersOf({ kind = '', apiVersion = '', metadata }: KubeObject): KindDefinition[] {
  const group = groupOf(apiVersion);
  if (kind === 'Pod' && group === '') return selecting;
  if (templated.has(kind)) return [...selecting, ...scalers];
  const naming = storedKinds.filter(
    (each) =>
      !told.has(each.kind) &&
      !(kind === 'Node' && each.kind === 'Pod') &&
      each.references.some((ref) => ref.type === 'name' && ref.to.kind === kind && ref.to.group === group),
  );
  const bindings = bound.has(kind) ? storedKinds.filter((each) => /^(Cluster)?RoleBinding$/.test(each.kind)) : [];
  // All pods of all namespaces are too many to look through for one name.
  const isBounded = (each: KindDefinition): boolean => !!metadata.namespace || (each.kind !== 'Pod' && !podMakers.has(each.kind));
  return [...new Set([...naming.filter(isBounded), ...bindings])];
}

/** What others of it are told by: endpoints by the Service, events by themselves. */
const told = new Set(['Event', 'Endpoints', 'EndpointSlice']);
const bound = new Set(['ServiceAccount', 'Role', 'ClusterRole']);
const selecting = storedKinds.filter(({ kind }) => ['Service', 'NetworkPolicy', 'PodDisruptionBudget'].includes(kind));
const scalers = storedKinds.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');

/** The selector of the pods that belong to the object, as text; undefined where it has none. */
export function podSelector(object: KubeObject): string | undefined {
  const selector = (object as { spec?: { selector?: unknown } }).spec?.selector;
  if (typeof selector !== 'object' || selector === null) return undefined;
  const isMap = object.kind === 'Service' || object.kind === 'ReplicationController';
  const hasPods = isMap || templated.has(object.kind ?? '') || object.kind === 'PodDisruptionBudget';
  if (!hasPods) return undefined;
  const parsed = isMap
    ? selectorFromMap(selector as Record<string, string>)
    : selectorFromLabelSelector(selector as LabelSelector);
  return parsed.text || undefined;
}

/** Of which kinds the pods' logs can be read together. */
export const hasPodLogs = (object: KubeObject): boolean => object.kind === 'Pod' || templated.has(object.kind ?? '');
