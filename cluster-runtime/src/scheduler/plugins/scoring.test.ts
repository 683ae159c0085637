/** What makes one feasible node better than another, plugin by plugin. */
import { expect, it } from 'vitest';
import type { Pod } from '#common/schema/generated/types.ts';
import type { Plugin } from '../plugin.ts';
import { asking, clusterOf, type NodeSketch, podOf, scoresOf } from '../testClusters.ts';
import { imageLocality } from './imageLocality.ts';
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts';
import { nodeResourcesFit } from './nodeResourcesFit.ts';
import { taintToleration } from './taintToleration.ts';

const room = { cpu: '4', memory: '8Gi' };
const soft = { key: 'k', effect: 'PreferNoSchedule' };
const megabytes = (n: number): number => n * 1024 * 1024;

it.each<[string, Plugin, Pod, Record<string, NodeSketch>, Record<string, number> | undefined]>([
  [
    'the share of cpu and memory that stays free',
    nodeResourcesFit,
    podOf(asking({ cpu: '1', memory: '2Gi' })),
    { empty: room, half: { ...room, running: [podOf(asking({ cpu: '2', memory: '4Gi' }))] } },
    { empty: 75, half: 25 },
  ],
  [
    'pods that ask for nothing count as 100m and 200Mi',
    nodeResourcesFit,
    podOf(),
    { a: { cpu: '1', memory: '1000Mi' } },
    { a: 85 },
  ],
  [
    'the node on which cpu and memory come closer together',
    nodeResourcesBalancedAllocation,
    podOf(asking({ cpu: '2' })),
    { even: room, memoryUsed: { ...room, running: [podOf(asking({ memory: '4Gi' }))] } },
    { even: 62, memoryUsed: 87 },
  ],
  ['a pod that asks for nothing changes no balance', nodeResourcesBalancedAllocation, podOf(), { a: room }, undefined],
  [
    'the node that has the image',
    imageLocality,
    podOf(),
    { a: { images: [{ names: ['i:latest'], sizeBytes: megabytes(1046) }] }, b: {} },
    { a: 51, b: 0 },
  ],
  ['an image that nobody has', imageLocality, podOf(), { a: {} }, undefined],
  [
    'untolerated soft taints',
    taintToleration,
    podOf({ tolerations: [{ key: 'ok', operator: 'Exists' }] }),
    { none: {}, one: { taints: [soft, { ...soft, key: 'ok' }] }, two: { taints: [soft, { ...soft, key: 'l' }] } },
    { none: 100, one: 50, two: 0 },
  ],
])('%s', (_, plugin, pod, sketches, expected) => expect(scoresOf(plugin, pod, clusterOf(sketches))).toEqual(expected));
