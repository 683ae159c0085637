/**
 * What one object uses of the resources that a ResourceQuota may limit: the rule book that the quota controller and
 * admission share. Every object counts as `count/<resource>.<group>`; pods, Services and claims count for more.
 */
import { addQuantities, parseQuantity, type Quantity, quantityFromValue } from '#common/api/quantity.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '../defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { sumOfContainers } from '../podSpec/resourceSums.ts';

export type Usage = ReadonlyMap<string, Quantity>;

const one = quantityFromValue(1);
/** Core resources that quotas also know by their plain names. */
const plainNames = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);
/** Requests that quotas also know without the prefix `requests.`. */
const shortRequests = new Set(['cpu', 'memory', 'ephemeral-storage']);

export function usageOf(kind: KindDefinition, object: KubeObject): Usage {
  const usage = new Map<string, Quantity>([[`count/${kind.plural}${kind.group ? `.${kind.group}` : ''}`, one]]);
  if (kind.group) return usage;
  if (kind.plural === 'pods') {
    if (!isOver(object as api.Pod)) addPod(usage, object as api.Pod);
    return usage;
  }
  if (plainNames.has(kind.plural)) usage.set(kind.plural, one);
  if (kind.plural === 'services') addService(usage, object as api.Service);
  if (kind.plural === 'persistentvolumeclaims') addClaim(usage, object as api.PersistentVolumeClaim);
  return usage;
}

/** Finished pods are only counted as objects. */
const isOver = ({ status }: api.Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

function addPod(usage: Map<string, Quantity>, { spec }: api.Pod): void {
  usage.set('pods', one);
  if (!spec) return;
  for (const [name, amount] of amountsOf(spec, 'requests')) {
    usage.set(`requests.${name}`, amount);
    if (shortRequests.has(name) || name.startsWith('hugepages-')) usage.set(name, amount);
  }
  for (const [name, amount] of amountsOf(spec, 'limits')) usage.set(`limits.${name}`, amount);
}

/** What the containers ask for together, or the pod itself where it says so, and its overhead. */
function amountsOf(spec: api.PodSpec, of: 'requests' | 'limits'): Map<string, Quantity> {
  const amounts = sumOfContainers(spec, of);
  for (const [name, text] of Object.entries(spec.resources?.[of] ?? {})) {
    const own = parseQuantity(text);
    if (own) amounts.set(name, own);
  }
  for (const [name, text] of Object.entries(spec.overhead ?? {})) {
    const [own, known] = [parseQuantity(text), amounts.get(name)];
    if (own && (known || of === 'requests')) amounts.set(name, known ? addQuantities(known, own) : own);
  }
  return amounts;
}

function addService(usage: Map<string, Quantity>, { spec }: api.Service): void {
  const ports = spec?.ports ?? [];
  const balanced = spec?.type === 'LoadBalancer';
  const given =
    balanced && spec.allocateLoadBalancerNodePorts === false ? ports.filter((port) => port.nodePort).length : ports.length;
  usage.set('services.nodeports', quantityFromValue(balanced || spec?.type === 'NodePort' ? given : 0));
  usage.set('services.loadbalancers', quantityFromValue(balanced ? 1 : 0));
}

function addClaim(usage: Map<string, Quantity>, { spec, metadata }: api.PersistentVolumeClaim): void {
  const storageClass = spec?.storageClassName ?? metadata.annotations?.['volume.beta.kubernetes.io/storage-class'];
  const prefix = `${storageClass}.storageclass.storage.k8s.io/`;
  if (storageClass) usage.set(`${prefix}persistentvolumeclaims`, one);
  const storage = parseQuantity(spec?.resources?.requests?.['storage'] ?? '');
  if (!storage) return;
  usage.set('requests.storage', storage);
  if (storageClass) usage.set(`${prefix}requests.storage`, storage);
}

export function addUsage(total: Map<string, Quantity>, usage: Usage): void {
  for (const [name, amount] of usage) {
    const known = total.get(name);
    total.set(name, known ? addQuantities(known, amount) : amount);
  }
}
