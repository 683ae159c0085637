/**
 * What the kernel does when memory runs out: within a container's limit to that container, on the whole machine to the
 * container that it can best do without. Pure.
 */
import { quantityValue } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ExitStatus } from '../../containers/containerRuntime.ts';
import { isCritical } from './planEviction.ts';

/** How a container ends that the kernel killed for its memory. */
export const outOfMemoryExit: ExitStatus = { exitCode: 137, reason: 'OOMKilled' };

/** In bytes; undefined for a container that may use what it likes. */
export function memoryLimit({ resources }: api.Container): number | undefined {
  const limit = resources?.limits?.['memory'];
  return limit === undefined ? undefined : quantityValue(limit);
}

const guaranteedScore = -997;
const bestEffortScore = 1000;

/**
 * oom_score_adj as the kubelet sets it: the more of the machine's memory a container asked for, the safer it is; those of
 * critical and of guaranteed pods are the safest.
 */
export function oomScoreAdjust(pod: api.Pod, container: api.Container, machineBytes: number): number {
  const qos = pod.status?.qosClass;
  if (isCritical(pod) || qos === 'Guaranteed') return guaranteedScore;
  if (qos === 'BestEffort') return bestEffortScore;
  const requested = quantityValue(container.resources?.requests?.['memory'] ?? '0');
  const score = bestEffortScore - Math.floor((1000 * requested) / machineBytes);
  return Math.min(bestEffortScore - 1, Math.max(3, score));
}
