/**
 * What the pods of a node have taken of it. The kubelet admits a pod only when it fits: the scheduler sees to that, but
 * a pod that names its node itself has never met it.
 *
 * Differs from Kubernetes: node selectors, taints and host ports are not looked at again here.
 */
import { addQuantities, parseQuantity, type Quantity, subtractQuantities } from '#common/api/quantity.ts';
import { type Amounts, sumOfContainers } from '#common/kinds/podSpec/resourceSums.ts';
import type * as api from '#common/schema/generated/types.ts';

export interface Refusal {
  /** `OutOfcpu` */
  readonly reason: string;
  readonly message: string;
}

export class NodeResources {
  /** What each admitted pod asked for. */
  readonly #pods = new Map<string, Amounts>();
  readonly #used = new Map<string, Quantity>();

  /** Takes what the pod asks for, or says what there is not enough of. */
  admit(pod: api.Pod, allocatable: Readonly<Record<string, string>>): Refusal | undefined {
    const uid = pod.metadata.uid ?? '';
    if (this.#pods.has(uid)) return undefined;
    const room = parseQuantity(allocatable['pods'] ?? '')?.value ?? Infinity;
    if (this.#pods.size + 1 > room) return refusal('pods', 1, this.#pods.size, room);
    const asked = podAmounts(pod);
    for (const [name, quantity] of asked) {
      const capacity = parseQuantity(allocatable[name] ?? '0');
      if (quantity.nano === 0n || !capacity) continue;
      const used = this.#used.get(name);
      if (quantity.nano + (used?.nano ?? 0n) > capacity.nano)
        return refusal(name, shown(name, quantity), used ? shown(name, used) : 0, shown(name, capacity));
    }
    this.#pods.set(uid, asked);
    for (const [name, quantity] of asked) {
      const used = this.#used.get(name);
      this.#used.set(name, used ? addQuantities(used, quantity) : quantity);
    }
    return undefined;
  }

  release(uid: string): void {
    for (const [name, quantity] of this.#pods.get(uid) ?? []) {
      const used = this.#used.get(name);
      if (used) this.#used.set(name, subtractQuantities(used, quantity));
    }
    this.#pods.delete(uid);
  }
}

/** Requests of the containers; what the pod as a whole asks for stands above them, its overhead comes on top. */
function podAmounts({ spec }: api.Pod): Amounts {
  if (!spec) return new Map();
  const amounts = sumOfContainers(spec, 'requests');
  for (const [name, text] of Object.entries(spec.resources?.requests ?? {})) {
    const quantity = parseQuantity(text);
    if (quantity) amounts.set(name, quantity);
  }
  for (const [name, text] of Object.entries(spec.overhead ?? {})) {
    const quantity = parseQuantity(text);
    const sum = amounts.get(name);
    if (quantity) amounts.set(name, sum ? addQuantities(sum, quantity) : quantity);
  }
  return amounts;
}

const shown = (name: string, quantity: Quantity): number => (name === 'cpu' ? quantity.milli : quantity.value);

const refusal = (name: string, requested: number, used: number, capacity: number): Refusal => ({
  reason: `OutOf${name}`,
  message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});
