/**
 * Whom a machine that runs short of something evicts, and what the pod is told. Pure. Pods that use more than they asked
 * for go first, then those of low priority, then those that are furthest above their request; critical pods stay.
 */
import { parseQuantity, quantityFromValue, quantityValue } from '#common/api/quantity.ts';
import { isTolerated } from '../../controller/tolerations.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Refusal } from '../node/nodeResources.ts';
import { pressures, type Pressure, type PressureName } from './pressures.ts';

/** From here on a pod is one that its node or cluster cannot do without. */
export const criticalPriority = 2_000_000_000;

export const isCritical = (pod: api.Pod): boolean => (pod.spec?.priority ?? 0) >= criticalPriority;

export interface ContainerUse {
  readonly name: string;
  readonly bytes: number;
}

export interface Candidate {
  readonly pod: api.Pod;
  /** What its running containers use of what is short. */
  readonly uses: readonly ContainerUse[];
}

export interface Shortage {
  readonly pressure: Pressure;
  readonly available: number;
  readonly threshold: number;
}

const sum = (uses: readonly ContainerUse[]): number => uses.reduce((total, { bytes }) => total + bytes, 0);

const requestOf = (container: api.Container, resource: string): number =>
  quantityValue(container.resources?.requests?.[resource] ?? '0');

const podRequest = ({ spec }: api.Pod, resource: string): number =>
  spec?.resources?.requests?.[resource] !== undefined
    ? quantityValue(spec.resources.requests[resource])
    : (spec?.containers ?? []).reduce((total, container) => total + requestOf(container, resource), 0);

/** The pods that may be evicted, the first one to go first. */
export function rankForEviction(candidates: readonly Candidate[], { resource, name }: Pressure): Candidate[] {
  const judged = candidates
    .filter(({ pod }) => !isCritical(pod))
    .map((candidate) => {
      const [used, request] = [sum(candidate.uses), podRequest(candidate.pod, resource)];
      // Nobody can ask for process ids.
      return {
        candidate,
        exceeds: name !== 'pid' && used > request,
        priority: candidate.pod.spec?.priority ?? 0,
        above: used - request,
      };
    });
  judged.sort((a, b) => Number(b.exceeds) - Number(a.exceeds) || a.priority - b.priority || b.above - a.above);
  return judged.map(({ candidate }) => candidate);
}

/** As Kubernetes words it, the space at the end included. */
export function evictionMessage({ pod, uses }: Candidate, { pressure: { resource }, available, threshold }: Shortage): string {
  const used = new Map(uses.map(({ name, bytes }) => [name, bytes]));
  const containers = (pod.spec?.containers ?? []).flatMap((container) => {
    const bytes = used.get(container.name) ?? 0;
    if (bytes <= requestOf(container, resource)) return [];
    const request = container.resources?.requests?.[resource] ?? '0';
    return [
      `Container ${container.name} was using ${binaryText(bytes)}, request is ${parseQuantity(request)?.text ?? request}, has larger consumption of ${resource}. `,
    ];
  });
  return `The node was low on resource: ${resource}. Threshold quantity: ${binaryText(threshold)}, available: ${binaryText(available)}. ${containers.join('')}`;
}

/** Whole Kibibytes, as the kernel counts. */
const binaryText = (bytes: number): string => quantityFromValue(Math.floor(bytes / 1024) * 1024, 'BinarySI').text;

const memoryTaint: api.Taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };

/** Why a machine that runs short of something does not take a pod. */
export function refuseUnderPressure(pod: api.Pod, present: ReadonlySet<PressureName>): Refusal | undefined {
  if (present.size === 0 || isCritical(pod)) return undefined;
  if (present.size === 1 && present.has('memory')) {
    if (pod.status?.qosClass !== 'BestEffort' || isTolerated(pod.spec?.tolerations, memoryTaint)) return undefined;
  }
  const conditions = pressures.filter(({ name }) => present.has(name)).map(({ condition }) => condition);
  return { reason: 'Evicted', message: `The node had condition: [${conditions.join(' ')}]. ` };
}
