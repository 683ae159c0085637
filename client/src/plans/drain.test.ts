import { expect, test } from 'vitest';
import type { Pod } from '#common/schema/generated/types.ts';
import { planDrain } from './drain.ts';

const pod = (name: string, owner?: string, rest: Partial<Pod> = {}): Pod => ({
  metadata: {
    name,
    ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'x', uid: 'x', controller: true }] } : {}),
  },
  ...rest,
});

const names = (pods: readonly Pod[]): (string | undefined)[] => pods.map(({ metadata }) => metadata.name);

test('pods of DaemonSets and of the kubelet stay, the others are evicted', () => {
  const mirror: Pod = { metadata: { name: 'static', annotations: { 'kubernetes.io/config.mirror': 'hash' } } };
  const plan = planDrain([pod('web', 'ReplicaSet'), pod('agent', 'DaemonSet'), mirror, pod('bare')]);
  expect(names(plan.evict)).toEqual(['web', 'bare']);
  expect(names(plan.stay)).toEqual(['agent', 'static']);
  expect(names(plan.lost)).toEqual(['bare']);
});

test('what has ended is lost to nobody, even of a DaemonSet', () => {
  const plan = planDrain([
    pod('done', undefined, { status: { phase: 'Succeeded' }, spec: { containers: [], volumes: [{ name: 'v', emptyDir: {} }] } }),
    pod('failed', 'DaemonSet', { status: { phase: 'Failed' } }),
  ]);
  expect(names(plan.evict)).toEqual(['done', 'failed']);
  expect(plan.lost).toEqual([]);
  expect(plan.withScratchData).toEqual([]);
});

test('says whose scratch data goes', () => {
  const plan = planDrain([pod('cache', 'ReplicaSet', { spec: { containers: [], volumes: [{ name: 'v', emptyDir: {} }] } })]);
  expect(names(plan.withScratchData)).toEqual(['cache']);
});
