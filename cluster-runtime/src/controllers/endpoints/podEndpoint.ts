/** What a pod contributes to the endpoints of a Service; shared by EndpointSlices and the older Endpoints. */
import { deepEqual } from '#common/base/freeze.ts';
import { type Selector, selectorFromMap } from '#common/api/labelSelector.ts';
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { formatTime, parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import { defineWatch, type Watch } from '../../controller/controller.ts';
import { conditionOf, isFinished, isReady } from '../../controller/podState.ts';

export const headlessLabel = 'service.kubernetes.io/headless';
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

const selectors = new WeakMap<object, Selector>();

/** The matcher of the Service's selector; undefined for Services whose endpoints are not made from pods. */
export function selectorOf({ spec }: api.Service): Selector | undefined {
  if (!spec?.selector || spec.type === 'ExternalName') return undefined;
  let selector = selectors.get(spec.selector);
  if (!selector) selectors.set(spec.selector, (selector = selectorFromMap(spec.selector)));
  return selector;
}

export function podsOf(cache: Cache, service: api.Service): api.Pod[] {
  const selector = selectorOf(service);
  if (!selector) return [];
  return cache.list(Pod, service.metadata.namespace ?? '').filter((pod) => selector.matches(pod.metadata.labels));
}

export const isHeadless = ({ spec }: api.Service): boolean => !spec?.clusterIP || spec.clusterIP === 'None';

/** Whether the pod has an address to list. Finished pods have none; ending ones only where they are told apart. */
export const hasEndpoint = (pod: api.Pod, includeTerminating: boolean): boolean =>
  !isFinished(pod) && Boolean(pod.status?.podIP) && (includeTerminating || !pod.metadata.deletionTimestamp);

export const targetRefOf = ({ metadata }: api.Pod): api.ObjectReference => ({
  kind: 'Pod',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Set for pods that DNS knows by their own name under this Service. */
export const hostnameOf = (pod: api.Pod, service: api.Service): string | undefined =>
  pod.spec?.subdomain === service.metadata.name ? pod.spec?.hostname || undefined : undefined;

export interface ResolvedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** The Service's ports as this pod has them; those that it has not (a name no container uses) are left out. */
export function portsOf(service: api.Service, pod: api.Pod): ResolvedPort[] {
  return (service.spec?.ports ?? []).flatMap(({ name = '', port, targetPort, protocol = 'TCP', appProtocol }) => {
    const number = typeof targetPort === 'string' ? findPort(pod, targetPort, protocol) : targetPort || port;
    return number === undefined ? [] : [{ name, port: number, protocol, ...(appProtocol ? { appProtocol } : {}) }];
  });
}

/** Whether every pod has the Service's ports under the same numbers. */
export const hasFixedPorts = ({ spec }: api.Service): boolean =>
  !spec?.ports?.some((port) => typeof port.targetPort === 'string');

function findPort(pod: api.Pod, name: string, protocol: string): number | undefined {
  const sidecars = pod.spec?.initContainers?.filter((container) => container.restartPolicy === 'Always') ?? [];
  for (const container of [...sidecars, ...(pod.spec?.containers ?? [])]) {
    const found = container.ports?.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}

/** Wakes the Services whose endpoints a pod's change concerns. */
export const watchServicePods: Watch = defineWatch<api.Pod>({
  kind: Pod,
  keysFor(event, cache): readonly ObjectKey[] {
    const { object } = event;
    if (event.type === 'updated' && sameEndpoint(event.old, object)) return [];
    if (event.type === 'added' && !object.status?.podIP) return [];
    const keys: ObjectKey[] = [];
    for (const service of cache.list(Service, object.metadata.namespace ?? '')) {
      const selector = selectorOf(service);
      const matches = selector?.matches(object.metadata.labels);
      if (matches || (event.type === 'updated' && selector?.matches(event.old.metadata.labels))) keys.push(keyOf(service));
    }
    return keys;
  },
});

function sameEndpoint(a: api.Pod, b: api.Pod): boolean {
  return (
    a.status?.podIP === b.status?.podIP &&
    (b.status?.podIP === undefined || isReady(a) === isReady(b)) &&
    isFinished(a) === isFinished(b) &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    a.spec?.nodeName === b.spec?.nodeName &&
    deepEqual(a.metadata.labels, b.metadata.labels)
  );
}

export const zoneOf = (cache: Cache, nodeName: string | undefined): string | undefined =>
  nodeName ? cache.get(Node, { namespace: '', name: nodeName })?.metadata.labels?.['topology.kubernetes.io/zone'] : undefined;

/**
 * Remembers, per Service, which changes its endpoints have told of, to find the time of the change that a write is
 * about: the annotation that network programmers measure their latency by.
 */
export class TriggerTimes {
  readonly #byService = new Map<string, { service: number; readonly pods: Map<string, number> }>();

  forget(key: string): void {
    this.#byService.delete(key);
  }

  /** The earliest time of what changed since the last call, as text; undefined when no change has a time. */
  next(key: string, service: api.Service, pods: readonly api.Pod[]): string | undefined {
    let known = this.#byService.get(key);
    if (!known) this.#byService.set(key, (known = { service: 0, pods: new Map() }));
    let earliest = Infinity;
    for (const pod of pods) {
      const at = readySince(pod);
      const uid = pod.metadata.uid ?? '';
      const before = known.pods.get(uid) ?? 0;
      if (at === before) continue;
      known.pods.set(uid, at);
      if (at > before) earliest = Math.min(earliest, at);
    }
    if (known.pods.size > 2 * pods.length) {
      const present = new Set(pods.map((pod) => pod.metadata.uid));
      for (const uid of known.pods.keys()) if (!present.has(uid)) known.pods.delete(uid);
    }
    const created = parseTime(service.metadata.creationTimestamp) ?? 0;
    if (created > known.service) earliest = Math.min(earliest, created);
    known.service = created;
    return earliest === Infinity ? undefined : formatTime(earliest);
  }
}

const readyTimes = new WeakMap<object, number>();

/** When the Ready condition last changed (ms), 0 when that is not known. Kept as long as the status is. */
function readySince(pod: api.Pod): number {
  const { status } = pod;
  if (!status) return 0;
  let at = readyTimes.get(status);
  if (at === undefined) readyTimes.set(status, (at = parseTime(conditionOf(pod, 'Ready')?.lastTransitionTime) ?? 0));
  return at;
}

/** The Service's labels without those that say who made what. */
export function labelsFor(
  service: api.Service,
  own: Record<string, string>,
  reserved: readonly string[],
): Record<string, string> {
  const labels = Object.fromEntries(
    Object.entries(service.metadata.labels ?? {}).filter(([name]) => name !== headlessLabel && !reserved.includes(name)),
  );
  return { ...labels, ...own, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) };
}
