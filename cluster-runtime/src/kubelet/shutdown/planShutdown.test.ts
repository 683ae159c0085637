import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { planShutdown } from './planShutdown.ts';

const member = (name: string, priority?: number): { name: string; pod: api.Pod } => ({
  name,
  pod: { metadata: { name }, spec: { containers: [], ...(priority === undefined ? {} : { priority }) } },
});
const members = [member('critical', 2_000_001_000), member('usual'), member('high', 50_000), member('negative', -10)];

const planned = (periods?: readonly [number, number][]): [number, string[]][] =>
  planShutdown(
    members,
    periods?.map(([priority, shutdownGracePeriodSeconds]) => ({ priority, shutdownGracePeriodSeconds })),
  ).map(({ graceSeconds, members: group }) => [graceSeconds, group.map(({ name }) => name)]);

it.each<[string, [number, number][] | undefined, [number, string[]][]]>([
  ['ordinary pods first unless said', undefined, [[20, ['usual', 'high', 'negative']], [10, ['critical']]]],
  ['by range, whatever their order', [[10_000, 7], [0, 5]], [[5, ['usual', 'negative']], [7, ['critical', 'high']]]],
  ['one range is for all', [[100_000, 3]], [[3, ['critical', 'usual', 'high', 'negative']]]],
  ['ranges without pods are left out', [[0, 5], [60_000, 9], [70_000, 8], [2_000_000_000, 1]], [[5, ['usual', 'high', 'negative']], [1, ['critical']]]],
])('%s', (_, periods, groups) => expect(planned(periods)).toEqual(groups)); // prettier-ignore
