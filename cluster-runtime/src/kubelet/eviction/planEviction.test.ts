import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { oomScoreAdjust } from './outOfMemory.ts';
import { type Candidate, evictionMessage, rankForEviction, refuseUnderPressure } from './planEviction.ts';
import { pressures, type Pressure, type PressureName } from './pressures.ts';

const mebibyte = 2 ** 20;
const pressure = (name: PressureName): Pressure => pressures.find((each) => each.name === name) as Pressure;

/** `uses` and `requests` in Mi. */
function candidate(name: string, uses: number, requests: number | undefined, priority = 0): Candidate {
  const resources = requests === undefined ? {} : { requests: { memory: `${requests}Mi` } };
  const pod: api.Pod = { metadata: { name }, spec: { priority, containers: [{ name: 'c', resources }] } };
  return { pod, uses: [{ name: 'c', bytes: uses * mebibyte }] };
}

describe('whom a machine short of memory evicts', () => {
  const table: { name: string; pods: Candidate[]; order: string[] }[] = [
    {
      name: 'those above their request before those within',
      pods: [candidate('within', 500, 600), candidate('above', 20, 10), candidate('asksNothing', 5, undefined)],
      order: ['above', 'asksNothing', 'within'],
    },
    {
      name: 'of these the less important first, whatever they use',
      pods: [candidate('important', 900, 10, 1000), candidate('usual', 11, 10), candidate('least', 11, 10, -5)],
      order: ['least', 'usual', 'important'],
    },
    {
      name: 'among equals the one furthest above its request',
      pods: [candidate('by20', 30, 10), candidate('by90', 100, 10), candidate('by50', 300, 250)],
      order: ['by90', 'by50', 'by20'],
    },
    {
      name: 'never a critical one',
      pods: [candidate('critical', 900, undefined, 2_000_000_000), candidate('almost', 1, 2, 1_999_999_999)],
      order: ['almost'],
    },
  ];
  it.each(table)('$name', ({ pods, order }) => {
    expect(rankForEviction(pods, pressure('memory')).map(({ pod }) => pod.metadata.name)).toEqual(order);
  });

  it('does not go by memory when process ids are short', () => {
    const pods = [candidate('above', 900, 10, 5), candidate('within', 1, 10, 1)];
    expect(rankForEviction(pods, pressure('pid')).map(({ pod }) => pod.metadata.name)).toEqual(['within', 'above']);
  });
});

describe('what an evicted pod is told', () => {
  const shortage = { pressure: pressure('memory'), available: 40 * mebibyte, threshold: 100 * mebibyte };
  const opening = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 40Mi. ';
  it.each([
    [candidate('above', 300, 100), 'Container c was using 300Mi, request is 100Mi, has larger consumption of memory. '],
    [candidate('asksNothing', 3, undefined), 'Container c was using 3Mi, request is 0, has larger consumption of memory. '],
    [candidate('within', 50, 100), ''],
  ])('%#', (pod, rest) => {
    expect(evictionMessage(pod, shortage)).toBe(opening + rest);
  });
});

describe('which pods a machine under pressure takes', () => {
  const pod = (qosClass: string, priority = 0, tolerations: api.Toleration[] = []): api.Pod => ({
    metadata: {},
    spec: { containers: [], priority, tolerations },
    status: { qosClass },
  });
  const tolerant = [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' }];
  it.each<[string, api.Pod, PressureName[], string | undefined]>([
    ['well', pod('BestEffort'), [], undefined],
    ['memory, asks for nothing', pod('BestEffort'), ['memory'], 'The node had condition: [MemoryPressure]. '],
    ['memory, asks for something', pod('Burstable'), ['memory'], undefined],
    ['memory, tolerated', pod('BestEffort', 0, tolerant), ['memory'], undefined],
    ['disk', pod('Guaranteed'), ['disk'], 'The node had condition: [DiskPressure]. '],
    ['two at once', pod('Burstable', 0, tolerant), ['memory', 'pid'], 'The node had condition: [MemoryPressure PIDPressure]. '],
    ['critical', pod('BestEffort', 2_000_000_000), ['disk', 'memory'], undefined],
  ])('%s', (_, asked, present, message) => {
    expect(refuseUnderPressure(asked, new Set(present))?.message).toBe(message);
  });
});

it('the kernel spares those that asked for more', () => {
  const score = (qosClass: string, memory?: string): number => {
    const container = { name: 'c', ...(memory ? { resources: { requests: { memory } } } : {}) };
    return oomScoreAdjust({ metadata: {}, spec: { containers: [container] }, status: { qosClass } }, container, 2 ** 30);
  };
  expect([score('BestEffort'), score('Burstable', '1Mi'), score('Burstable', '512Mi'), score('Burstable', '1Gi'), score('Guaranteed', '1Gi')]) // prettier-ignore
    .toEqual([1000, 999, 500, 3, -997]);
});
