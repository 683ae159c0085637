import { expect, test } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { cpuUse, memoryUse } from './statedUse.ts';

const pod = (annotations: Record<string, string>, limit?: string): api.Pod => ({
  metadata: { annotations },
  spec: {
    containers: [{ name: 'a', ...(limit ? { resources: { limits: { cpu: limit } } } : {}) }, { name: 'b' }],
  } as api.PodSpec,
});

test.each<[string, Record<string, string>, string | undefined, [a: number, b: number, init: number]]>([
  ['what is measured, unless something is said', {}, undefined, [7, 7, 7]],
  ['of the pod, in equal shares', { cpu: '300m' }, undefined, [150, 150, 7]],
  ['of one container, before the pod’s', { cpu: '300m', 'cpu.b': '1' }, undefined, [150, 1000, 7]],
  ['of a container that is not the pod’s main one', { 'cpu.setup': '20m' }, undefined, [7, 7, 20]],
  ['no more than the limit', { cpu: '4' }, '500m', [500, 2000, 7]],
  ['what is no amount says nothing', { cpu: 'lots', 'cpu.a': '-1' }, undefined, [7, 7, 7]],
])('cpu: %s', (_, said, limit, millicores) => {
  const annotated = pod(Object.fromEntries(Object.entries(said).map(([name, text]) => [`playground.kube/${name}`, text])), limit);
  expect(['a', 'b', 'setup'].map((name) => cpuUse(annotated, name, 7_000_000) / 1_000_000)).toEqual(millicores);
});

test('memory: by pod and by container', () => {
  const annotated = pod({ 'playground.kube/memory': '64Mi', 'playground.kube/memory.b': '1Ki' });
  expect(['a', 'b', 'setup'].map((name) => memoryUse(annotated, name, 5))).toEqual([32 * 2 ** 20, 1024, 5]);
});
