/**
 * How much of each resource a node would have in use with the pod on it, and the three ways to make a score of that:
 * prefer what is least used, what is most used, or what a line of points says about each degree of use.
 */
import type { NodeInfo } from './nodeInfo.ts';
import { highestScore } from './plugin.ts';
import type { PodRequirements, Resources } from './podRequirements.ts';

export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}

/** `utilization` in percent, ascending from point to point; `score` from 0 to 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export type ScoringStrategy =
  | { readonly type: 'LeastAllocated' | 'MostAllocated'; readonly resources: readonly WeightedResource[] }
  | {
      readonly type: 'RequestedToCapacityRatio';
      readonly resources: readonly WeightedResource[];
      readonly shape: readonly ShapePoint[];
    };

export const cpuAndMemory: readonly WeightedResource[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

/** A shape's scores go up to this. */
export const highestShapeScore = 10;

/** The score of one node for a pod. */
export type NodeScorer = (requirements: PodRequirements, node: NodeInfo) => number;

export function scorerOf(strategy: ScoringStrategy): NodeScorer {
  switch (strategy.type) {
    case 'LeastAllocated':
      return weightedMean(strategy.resources, (used, room) =>
        used > room ? 0 : Math.floor(((room - used) * highestScore) / room),
      );
    case 'MostAllocated':
      // Pods that ask for nothing count as something, so that more than all may seem to be in use.
      return weightedMean(strategy.resources, (used, room) => Math.floor((Math.min(used, room) * highestScore) / room));
    case 'RequestedToCapacityRatio':
      return byShape(strategy.resources, strategy.shape);
  }
}

/** What a node does not have, and extended resources that the pod does not ask for, are left out. */
function weightedMean(resources: readonly WeightedResource[], score: (used: number, room: number) => number): NodeScorer {
  return (requirements, node) => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight } of resources) {
      const room = roomFor(name, requirements, node);
      if (room === 0) continue;
      sum += score(countedUse(name, requirements, node), room) * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.floor(sum / weights);
  };
}

/** Resources that score nothing do not count as a part of the mean. */
function byShape(resources: readonly WeightedResource[], shape: readonly ShapePoint[]): NodeScorer {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: (score * highestScore) / highestShapeScore }));
  return (requirements, node) => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight } of resources) {
      const room = roomFor(name, requirements, node);
      if (room === 0) continue;
      const used = countedUse(name, requirements, node);
      const score = onLine(points, used > room ? 100 : Math.floor((used * 100) / room));
      if (score <= 0) continue;
      sum += score * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.round(sum / weights);
  };
}

function onLine(points: readonly ShapePoint[], utilization: number): number {
  let before: ShapePoint | undefined;
  for (const point of points) {
    if (utilization <= point.utilization) {
      if (!before) return point.score;
      const rise = (point.score - before.score) * (utilization - before.utilization);
      return before.score + Math.trunc(rise / (point.utilization - before.utilization));
    }
    before = point;
  }
  return before?.score ?? 0;
}

/** 0 when the resource does not count for this pod on this node. */
export function roomFor(name: string, { requests }: PodRequirements, { allocatable }: NodeInfo): number {
  if (isExtended(name) && !requests.others.get(name)) return 0;
  return amountOf(name, allocatable);
}

/** In use with the pod on the node, pods that ask for no cpu or memory counted as if they asked for a little. */
function countedUse(name: string, requirements: PodRequirements, node: NodeInfo): number {
  if (name === 'cpu') return node.countedMilliCpu + requirements.countedMilliCpu;
  if (name === 'memory') return node.countedMemory + requirements.countedMemory;
  return amountOf(name, node.requested) + amountOf(name, requirements.requests);
}

export function amountOf(name: string, resources: Resources): number {
  if (name === 'cpu') return resources.milliCpu;
  if (name === 'memory') return resources.memory;
  if (name === 'ephemeral-storage') return resources.ephemeralStorage;
  return resources.others.get(name) ?? 0;
}

const isExtended = (name: string): boolean => name !== 'cpu' && name !== 'memory' && name !== 'ephemeral-storage';
