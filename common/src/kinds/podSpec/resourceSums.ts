/**
 * What a pod's containers ask for together: regular containers and sidecars run side by side, plain init containers one at a
 * time, with the sidecars that were started before them.
 */
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';

export type Amounts = Map<string, Quantity>;

/** The sum of the containers' requests or limits, by resource. Overhead and what the pod itself asks for are not in it. */
export function sumOfContainers(spec: api.PodSpec, of: 'requests' | 'limits'): Amounts {
  const sum: Amounts = new Map();
  for (const container of spec.containers ?? []) add(sum, container.resources?.[of]);
  if (!spec.initContainers?.length) return sum;
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const container of spec.initContainers) {
    const own = container.resources?.[of];
    if (container.restartPolicy === 'Always') {
      add(sum, own);
      add(sidecars, own);
      raise(peak, sidecars);
    } else {
      const together = new Map(sidecars);
      add(together, own);
      raise(peak, together);
    }
  }
  raise(sum, peak);
  return sum;
}

function add(sum: Amounts, list: Record<string, string> | undefined): void {
  for (const name in list) {
    const quantity = parseQuantity(list[name] ?? '');
    if (!quantity) continue;
    const known = sum.get(name);
    sum.set(name, known ? addQuantities(known, quantity) : quantity);
  }
}

function raise(sum: Amounts, least: Amounts): void {
  for (const [name, quantity] of least) {
    const known = sum.get(name);
    if (!known || compareQuantities(known, quantity) < 0) sum.set(name, quantity);
  }
}
