/**
 * What a container counts as using. Usually that is what its programs do; annotations of the pod may say otherwise, so that
 * load can be shown without making it: `playground.kube/cpu: 500m` and `playground.kube/memory: 1Gi` for the pod,
 * shared evenly by its containers, and `playground.kube/cpu.<container>` for one container. Pure.
 */
import { getOwn } from '#common/api/ownProperty.ts';
import { parseQuantity, quantityMilli } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';

const prefix = 'playground.kube/';
const nanoPerMilli = 1_000_000;

/** In billionths of a core. More than its limit no container gets. */
export function cpuUse(pod: api.Pod, container: string, measured: number): number {
  const stated = statedAmount(pod, 'cpu', container);
  const use = stated === undefined ? measured : Math.round(stated * nanoPerMilli);
  const limit = pod.spec?.containers?.find(({ name }) => name === container)?.resources?.limits?.['cpu'];
  return limit === undefined ? use : Math.min(use, quantityMilli(limit) * nanoPerMilli);
}

/** In bytes. A container that uses more than its limit is killed, which is for others to do. */
export function memoryUse(pod: api.Pod, container: string, measured: number): number {
  const stated = statedAmount(pod, 'memory', container);
  return stated === undefined ? measured : Math.round(stated / 1000);
}

/** In thousandths; what is no amount, or less than nothing, says nothing. */
function statedAmount({ metadata, spec }: api.Pod, resource: 'cpu' | 'memory', container: string): number | undefined {
  const { annotations } = metadata;
  if (!annotations) return undefined;
  const own = amountOf(getOwn(annotations, `${prefix}${resource}.${container}`));
  if (own !== undefined) return own;
  const whole = amountOf(getOwn(annotations, `${prefix}${resource}`));
  const containers = spec?.containers ?? [];
  // Init containers and debuggers take no part in what is said of the pod.
  if (whole === undefined || !containers.some(({ name }) => name === container)) return undefined;
  return whole / containers.length;
}

function amountOf(text: unknown): number | undefined {
  const quantity = typeof text === 'string' ? parseQuantity(text) : undefined;
  return quantity && quantity.nano >= 0n ? quantityMilli(quantity) : undefined;
}
