import { expect, it } from 'vitest';
import { type SchedulingDecision, SchedulingDecisions } from './schedulingDecisions.ts';

const decision = (name: string, node?: string): SchedulingDecision => ({
  namespace: 'default',
  name,
  uid: `${name}-1`,
  labels: undefined,
  schedulerName: 'default-scheduler',
  time: 0,
  attempt: 1,
  nodes: 1,
  explanation: { ...(node ? { node } : { message: 'none' }), feasible: 0, objections: [], scores: [], weights: {} },
});
const names = (decisions: SchedulingDecisions): string[] => decisions.list().map(({ name }) => name);

it('keeps what was decided last, for waiting pods and for placed ones', () => {
  const decisions = new SchedulingDecisions(2);
  for (const name of ['a', 'b', 'a', 'c']) decisions.set(decision(name));
  for (const name of ['x', 'y', 'z']) decisions.set(decision(name, 'n'));
  expect(names(decisions)).toEqual(['a', 'c', 'y', 'z']);
  decisions.set(decision('a', 'n'));
  expect(names(decisions)).toEqual(['a', 'c', 'z']);
  expect(decisions.get('default', 'a')?.explanation.node).toBe('n');
});

it('does not forget the pod that took the name of the one that is gone', () => {
  const decisions = new SchedulingDecisions();
  decisions.set(decision('a'));
  decisions.delete({ metadata: { name: 'a', namespace: 'default', uid: 'a-0' } });
  expect(names(decisions)).toEqual(['a']);
  decisions.delete({ metadata: { name: 'a', namespace: 'default', uid: 'a-1' } });
  expect(names(decisions)).toEqual([]);
});
