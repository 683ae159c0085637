/**
 * Refuses what would exceed a ResourceQuota of the namespace.
 *
 * Differs from Kubernetes: use is counted from the stored objects at each request instead of being booked in the quota's
 * status, which its controller keeps; so a quota holds from the moment it exists.
 */
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
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
    const { kind, namespace, object } = request;
    if (!object) return;
    const quotas = state.list(ResourceQuota, namespace);
    for (const quota of quotas) if (isInScope(quota, kind, object)) enforce(quota, request, object, state);
  },
};

function enforce(quota: ResourceQuotaObject, request: AdmissionRequest, object: KubeObject, state: AdmissionState): void {
  const { kind, namespace, old } = request;
  const hard = quota.spec?.hard ?? {};
  const name = object.metadata.name ?? '';
  const refuse = (why: string): never => {
    throw forbiddenError({ group: kind.group, resource: kind.plural }, name, why);
  };
  if (kind.group === '' && kind.kind === 'Pod' && !old) {
    const missing = unstated(object as Pod, Object.keys(hard));
    if (missing) refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
  }
  const wanted = usageOf(kind, object);
  const before = old && isInScope(quota, kind, old) ? usageOf(kind, old) : undefined;
  const grown = [...wanted].filter(([resource, amount]) => {
    const was = before?.get(resource);
    return Object.hasOwn(hard, resource) && (!was || compareQuantities(amount, was) > 0);
  });
  if (grown.length === 0) return;

  const used = new Map<string, Quantity>();
  for (const other of state.list(kind, namespace)) {
    if (other.metadata.uid !== object.metadata.uid && isInScope(quota, kind, other)) addUsage(used, usageOf(kind, other));
  }
  const exceeded = grown
    .filter(([resource, amount]) => {
      const limit = parseQuantity(hard[resource] ?? '');
      const present = used.get(resource);
      return limit && compareQuantities(present ? addQuantities(present, amount) : amount, limit) > 0;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (exceeded.length === 0) return;
  const list = (textOf: (resource: string, amount: Quantity) => string): string =>
    exceeded.map(([resource, amount]) => `${resource}=${textOf(resource, amount)}`).join(',');
  const usedText = (resource: string): string => {
    const amount = used.get(resource);
    return amount ? amount.text : '0';
  };
  refuse(
    `exceeded quota: ${quota.metadata.name}, requested: ${list((_, amount) => amount.text)}, used: ${list(usedText)}, limited: ${list((resource) => hard[resource] ?? '')}`,
  );
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
