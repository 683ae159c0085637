/** A pod's quality-of-service class, by which nodes under pressure choose whom to evict. */
import { compareQuantities, parseQuantity, type Quantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const counted = ['cpu', 'memory'];

export function qosClassOf(spec: api.PodSpec): QosClass {
  // What the pod asks for as a whole overrides its containers.
  if (spec.resources && hasAmounts(spec.resources)) return classOf([spec.resources]);
  const all: (api.ResourceRequirements | undefined)[] = [];
  for (const container of spec.containers ?? []) all.push(container.resources);
  for (const container of spec.initContainers ?? []) all.push(container.resources);
  return classOf(all);
}

/** Guaranteed: everyone limits cpu and memory, and asks for as much. BestEffort: nobody asks for anything. */
function classOf(all: readonly (api.ResourceRequirements | undefined)[]): QosClass {
  let guaranteed = true;
  let any = false;
  for (const resources of all) {
    for (const name of counted) {
      const request = amount(resources?.requests, name);
      const limit = amount(resources?.limits, name);
      any ||= request !== undefined || limit !== undefined;
      guaranteed &&= limit !== undefined && (request === undefined || compareQuantities(request, limit) === 0);
    }
  }
  return any ? (guaranteed ? 'Guaranteed' : 'Burstable') : 'BestEffort';
}

const hasAmounts = ({ requests, limits }: api.ResourceRequirements): boolean =>
  counted.some((name) => amount(requests, name) !== undefined || amount(limits, name) !== undefined);

function amount(list: Record<string, string> | undefined, name: string): Quantity | undefined {
  const text = list?.[name];
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity && quantity.nano > 0n ? quantity : undefined;
}
