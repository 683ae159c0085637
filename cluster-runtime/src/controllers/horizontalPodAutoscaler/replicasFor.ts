/**
 * How many replicas a metric asks for. Averages over pods guess on the careful side: pods without a figure are taken to
 * use all of their share when the others say "fewer", and nothing when they say "more"; pods that are not ready yet use
 * nothing. Amounts are in thousandths.
 */
import { quantityMilli, quantityOf } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isReady } from '../../controller/podState.ts';
import { groupPods, type PodValue } from './podGroups.ts';

/** How far from 1 the ratio of use to target may be without a change. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

const usualTolerance = 0.1;

export function toleranceOf(behavior: api.HorizontalPodAutoscalerBehavior | undefined): Tolerance {
  const of = (rules: api.HPAScalingRules | undefined): number =>
    rules?.tolerance == null ? usualTolerance : Number(quantityOf(rules.tolerance).nano) / 1e9;
  return { up: of(behavior?.scaleUp), down: of(behavior?.scaleDown) };
}

const isWithin = ({ up, down }: Tolerance, ratio: number): boolean => 1 - down <= ratio && ratio <= 1 + up;

export interface PodsInput {
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
  readonly pods: readonly api.Pod[];
  readonly values: ReadonlyMap<string, PodValue>;
  /** `cpu`, `memory`; empty for metrics that are no resource. */
  readonly resource: string;
  readonly now: number;
}

/** Why there is no number. */
export interface NoReplicas {
  readonly problem: string;
}

export interface Utilization {
  readonly replicas: number;
  /** In percent of what the pods request. */
  readonly utilization: number;
  readonly average: number;
}

export interface Average {
  readonly replicas: number;
  readonly average: number;
}

/** By use in percent of the pods' requests. */
export function replicasForUtilization(input: PodsInput, target: number, container: string): Utilization | NoReplicas {
  const requests = new Map<string, number>();
  if (input.pods.length === 0) return noPods;
  const usable = usableValues(input);
  if ('problem' in usable) return usable;
  for (const pod of input.pods) {
    const request = requestOf(pod, input.resource, container);
    if (typeof request !== 'number') return request;
    requests.set(pod.metadata.name ?? '', request);
  }
  const measure = (values: ReadonlyMap<string, number>): Measured => {
    let used = 0;
    let requested = 0;
    let count = 0;
    for (const [name, value] of values) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += value;
      requested += request;
      count++;
    }
    const utilization = requested === 0 ? NaN : Math.floor((used * 100) / requested);
    return { ratio: utilization / target, percent: utilization, average: Math.floor(used / count) };
  };
  const first = measure(usable.values);
  if (Number.isNaN(first.ratio)) return { problem: 'no metrics returned matched known pods' };
  const fallback = Math.max(100, target);
  const full = (name: string): number => Math.floor(((requests.get(name) ?? 0) * fallback) / 100);
  return { replicas: replicasOf(input, usable, first.ratio, measure, full), utilization: first.percent, average: first.average };
}

/** By the average of plain amounts. */
export function replicasForAverage(input: PodsInput, target: number): Average | NoReplicas {
  if (input.pods.length === 0) return noPods;
  const usable = usableValues(input);
  if ('problem' in usable) return usable;
  const measure = (values: ReadonlyMap<string, number>): Measured => {
    const average = Math.floor([...values.values()].reduce((sum, value) => sum + value, 0) / values.size);
    return { ratio: average / target, percent: 0, average };
  };
  const first = measure(usable.values);
  return { replicas: replicasOf(input, usable, first.ratio, measure, () => target), average: first.average };
}

/** By one amount for the whole workload. */
export function replicasForValue(
  { currentReplicas, tolerance, pods }: Pick<PodsInput, 'currentReplicas' | 'tolerance' | 'pods'>,
  value: number,
  target: number,
): { readonly replicas: number } | NoReplicas {
  const ratio = value / target;
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio) };
  if (isWithin(tolerance, ratio)) return { replicas: currentReplicas };
  if (pods.length === 0) return noPods;
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length;
  return { replicas: Math.ceil(ratio * ready) };
}

/** By one amount that is shared by all replicas. */
export function replicasForShare(value: number, target: number, replicas: number, tolerance: Tolerance): Average {
  const needed = isWithin(tolerance, value / (target * replicas)) ? replicas : Math.ceil(value / target);
  return { replicas: needed, average: Math.ceil(value / replicas) };
}

interface Measured {
  readonly ratio: number;
  readonly percent: number;
  readonly average: number;
}

interface Usable {
  /** Figures that count. */
  readonly values: ReadonlyMap<string, number>;
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
}

const noPods: NoReplicas = { problem: 'no pods returned by selector while calculating replica count' };

function usableValues({ pods, values, resource, now }: PodsInput): Usable | NoReplicas {
  const { ready, unready, missing, ignored } = groupPods(pods, values, resource, now);
  const left = new Set([...unready, ...ignored]);
  const counted = new Map<string, number>();
  for (const [name, { value }] of values) if (!left.has(name)) counted.set(name, value);
  if (counted.size === 0) return { problem: 'did not receive metrics for targeted pods (pods might be unready)' };
  return { values: counted, ready, unready, missing };
}

function replicasOf(
  { currentReplicas, tolerance }: PodsInput,
  usable: Usable,
  ratio: number,
  measure: (values: ReadonlyMap<string, number>) => Measured,
  fullShare: (pod: string) => number,
): number {
  const growsWithUnready = usable.unready.length > 0 && ratio > 1;
  if (!growsWithUnready && usable.missing.length === 0) {
    return isWithin(tolerance, ratio) ? currentReplicas : Math.ceil(ratio * usable.ready);
  }
  const values = new Map(usable.values);
  if (ratio !== 1) for (const name of usable.missing) values.set(name, ratio < 1 ? fullShare(name) : 0);
  if (growsWithUnready) for (const name of usable.unready) values.set(name, 0);
  const second = measure(values).ratio;
  // What was added by guess must not turn the direction around.
  if (isWithin(tolerance, second) || (ratio < 1 && second > 1) || (ratio > 1 && second < 1)) return currentReplicas;
  const replicas = Math.ceil(second * values.size);
  return (second < 1 && replicas > currentReplicas) || (second > 1 && replicas < currentReplicas) ? currentReplicas : replicas;
}

/** What the pod, or one container of it, requests; sidecars are containers like others. */
function requestOf(pod: api.Pod, resource: string, only: string): number | NoReplicas {
  const stated = only === '' ? pod.spec?.resources?.requests?.[resource] : undefined;
  if (stated !== undefined) return quantityMilli(stated);
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  let sum = 0;
  for (const { name, resources } of [...(pod.spec?.containers ?? []), ...sidecars]) {
    if (only !== '' && name !== only) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined) {
      return { problem: `missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}` };
    }
    sum += quantityMilli(request);
  }
  return sum;
}
