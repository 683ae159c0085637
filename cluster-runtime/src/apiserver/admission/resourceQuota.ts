/**
 * Refuses what would exceed a ResourceQuota of the namespace, and books what is let through in the quota's
 * `status.used`, in the same transaction as the object: two requests cannot both get the last of something.
 *
 * Differs from Kubernetes: a quota that its controller has not counted yet is counted by the request, where Kubernetes
 * refuses what the quota is about ("status unknown for quota"), so a quota holds from the moment it exists.
 */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
  quantityFromValue,
  subtractQuantities,
} from '#common/api/quantity.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { forbiddenError } from '#common/api/status.ts';
import { isInScope } from '#common/kinds/quota/scopes.ts';
import { addUsage, usageOf } from '#common/kinds/quota/usage.ts';
import { ResourceQuota } from '#common/kinds/resourceQuota.ts';
import type { Container, Pod, ResourceQuota as ResourceQuotaObject } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionState } from './admission.ts';

export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  handles: ({ operation, kind, subresource }) => operation !== 'DELETE' && kind.namespaced && !subresource,
  validate(request, state) {
    for (const quota of state.list(ResourceQuota, request.namespace)) enforce(quota, request, state);
  },
  book(request, state) {
    for (const quota of state.list(ResourceQuota, request.namespace)) {
      enforce(quota, request, state);
      const used = planBooking(quota, request);
      if (used) state.replace(ResourceQuota, { ...quota, status: { ...quota.status, used } }, quota);
    }
  },
};

const zero = quantityFromValue(0);

/** Names of resources are people's own, so `__proto__` may be one. */
const amountIn = (list: Readonly<Record<string, string>>, resource: string): Quantity | undefined =>
  Object.hasOwn(list, resource) ? parseQuantity(list[resource] ?? '') : undefined;

/** By how much the request changes the use of each resource that the quota limits, where it does. */
function changes(quota: ResourceQuotaObject, { kind, object, old }: AdmissionRequest): Map<string, Quantity> {
  const usage = (one: KubeObject | undefined): ReadonlyMap<string, Quantity> =>
    one && isInScope(quota, kind, one) ? usageOf(kind, one) : new Map<string, Quantity>();
  const [before, after] = [usage(old), usage(object)];
  const changed = new Map<string, Quantity>();
  for (const resource of Object.keys(quota.spec?.hard ?? {})) {
    const [was, is] = [before.get(resource) ?? zero, after.get(resource) ?? zero];
    if (compareQuantities(is, was) !== 0) changed.set(resource, old ? subtractQuantities(is, was) : is);
  }
  return changed;
}

/** The quota's `status.used` after the request; undefined when nothing changes, or its controller is to count first. */
export function planBooking(quota: ResourceQuotaObject, request: AdmissionRequest): Record<string, string> | undefined {
  const used = quota.status?.used;
  if (!used) return undefined;
  let next: Record<string, string> | undefined;
  for (const [resource, amount] of changes(quota, request)) {
    const present = amountIn(used, resource);
    if (present) next = { ...(next ?? used), [resource]: addQuantities(present, amount).text };
  }
  return next;
}

function enforce(quota: ResourceQuotaObject, request: AdmissionRequest, state: AdmissionState): void {
  const { kind, object, old } = request;
  if (!object || !isInScope(quota, kind, object)) return;
  const hard = quota.spec?.hard ?? {};
  const refuse = (why: string): never => {
    throw forbiddenError({ group: kind.group, resource: kind.plural }, object.metadata.name ?? '', why);
  };
  if (kind.group === '' && kind.kind === 'Pod' && !old) {
    const missing = unstated(object as Pod, Object.keys(hard));
    if (missing) refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
  }
  const grown = [...changes(quota, request)].filter(([, amount]) => compareQuantities(amount, zero) > 0);
  if (grown.length === 0) return;

  const used = usedIn(quota, request, state);
  const exceeded = grown
    .filter(([resource, amount]) => {
      const limit = amountIn(hard, resource);
      return limit && compareQuantities(addQuantities(used(resource), amount), limit) > 0;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (exceeded.length === 0) return;
  const list = (textOf: (resource: string, amount: Quantity) => string): string =>
    exceeded.map(([resource, amount]) => `${resource}=${textOf(resource, amount)}`).join(',');
  refuse(
    `exceeded quota: ${quota.metadata.name}, requested: ${list((_, amount) => amount.text)}, used: ${list((resource) => used(resource).text)}, limited: ${list((resource) => hard[resource] ?? '')}`,
  );
}

/** What is in use now, by the quota's status; resources that are not in it yet are counted. */
function usedIn(
  quota: ResourceQuotaObject,
  { kind, namespace, object }: AdmissionRequest,
  state: AdmissionState,
): (resource: string) => Quantity {
  let counted: Map<string, Quantity> | undefined;
  return (resource) => {
    const booked = amountIn(quota.status?.used ?? {}, resource);
    if (booked) return booked;
    if (!counted) {
      counted = new Map();
      for (const other of state.list(kind, namespace)) {
        const counts = other.metadata.uid !== object?.metadata.uid && isInScope(quota, kind, other);
        if (counts) addUsage(counted, usageOf(kind, other));
      }
    }
    return counted.get(resource) ?? zero;
  };
}

const computeResources = /^(?:(?:requests|limits)\.)?(cpu|memory)$/;

/** `limits.memory for: c; requests.cpu for: c`: what a quota limits must be stated by every container. */
function unstated(pod: Pod, resources: readonly string[]): string | undefined {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const problems = resources
    .filter((resource) => computeResources.test(resource))
    .sort()
    .flatMap((resource) => {
      const without = containers.filter((container) => !states(container, resource)).map(({ name }) => name);
      return without.length > 0 ? [`${resource} for: ${without.join(',')}`] : [];
    });
  return problems.length > 0 ? problems.join('; ') : undefined;
}

function states({ resources }: Container, resource: string): boolean {
  const name = resource.replace(/^(?:requests|limits)\./, '');
  const list = resource.startsWith('limits.') ? resources?.limits : resources?.requests;
  return list !== undefined && Object.hasOwn(list, name);
}
