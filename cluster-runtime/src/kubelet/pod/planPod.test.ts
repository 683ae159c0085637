import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { type ContainerKind, type ContainerRecord, newRecord } from '../container/containerRecord.ts';
import { planPod, type PlannedContainer, type PodContainers } from './planPod.ts';
import { podPhase } from './podPhase.ts';

/**
 * A pod in one line: `i:done s:run | a:exit1 b:none`, init containers before the bar (`s…` are sidecars), main ones
 * after it. States: none, pull, run (started), up (running, not yet started), stop, done, exit<code>, wait (exit 1,
 * back-off until 10).
 */
function podOf(text: string): PodContainers {
  const [init = '', main = ''] = text.split('|');
  const containers = (part: string, kindOf: (name: string) => ContainerKind): PlannedContainer[] =>
    part
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => {
        const [name = '', state = ''] = word.split(':');
        const kind = kindOf(name);
        const spec: api.Container = { name, ...(kind === 'sidecar' ? { restartPolicy: 'Always' } : {}) };
        return { spec, record: { ...newRecord(name, kind, ''), ...stateOf(state) } };
      });
  return {
    init: containers(init, (name) => (name.startsWith('s') ? 'sidecar' : 'init')),
    main: containers(main, () => 'main'),
    ephemeral: [],
  };
}

function stateOf(state: string): Partial<ContainerRecord> {
  const exit = /^exit(\d+)$/.exec(state);
  if (exit) return { stage: 'ended', exitCode: Number(exit[1]) };
  const states: Record<string, Partial<ContainerRecord>> = {
    none: {},
    pull: { stage: 'starting' },
    run: { stage: 'running', started: true },
    up: { stage: 'running' },
    stop: { stage: 'stopping' },
    done: { stage: 'ended', exitCode: 0 },
    wait: { stage: 'ended', exitCode: 1, retryAt: 10 },
    blocked: { blocked: true },
  };
  return states[state] ?? {};
}

const names = (containers: readonly PlannedContainer[]): string => containers.map(({ record }) => record.name).join(' ');

describe('planPod', () => {
  it.each<[string, string, { start?: string; stop?: string; next?: number; finished?: boolean }]>([
    ['|a:none b:none', 'Always', { start: 'a b' }],
    ['|a:run b:none', 'Always', { start: 'b' }],
    ['|a:run b:pull', 'Always', {}],
    ['|a:blocked', 'Always', {}],
    ['|a:wait', 'Always', { next: 10 }],
    ['|a:exit1 b:run', 'Always', { start: 'a' }],
    ['|a:exit1 b:run', 'Never', {}],
    ['|a:exit1 b:done', 'Never', { finished: true }],
    ['|a:done b:run', 'OnFailure', {}],
    ['|a:done b:exit1', 'OnFailure', { start: 'b' }],
    ['i:none j:none|a:none', 'Always', { start: 'i' }],
    ['i:run j:none|a:none', 'Always', {}],
    ['i:done j:none|a:none', 'Always', { start: 'j' }],
    ['i:done j:done|a:none', 'Always', { start: 'a' }],
    ['i:exit1|a:none', 'Always', { start: 'i' }],
    ['i:exit1|a:none', 'Never', { finished: true }],
    ['i:wait|a:none', 'OnFailure', { next: 10 }],
    ['s:none i:none|a:none', 'Always', { start: 's' }],
    ['s:up i:none|a:none', 'Always', {}],
    ['s:run i:none|a:none', 'Always', { start: 'i' }],
    ['s:exit1 i:run|a:none', 'Always', { start: 's' }],
    ['s:exit0 i:done|a:run', 'Always', { start: 's' }],
    ['s1:run s2:run|a:done', 'Never', { stop: 's2' }],
    ['s1:run s2:stop|a:done', 'Never', {}],
    ['s1:run s2:done|a:done', 'Never', { stop: 's1' }],
    ['s1:done s2:done|a:done', 'Never', { finished: true }],
    ['s1:run i:exit1|a:none', 'Never', { stop: 's1' }],
    ['i:exit1|a:run', 'Never', {}],
  ])('%s under %s', (text, policy, { start = '', stop = '', next, finished = false }) => {
    const plan = planPod(podOf(text), policy, 0);
    expect({ start: names(plan.start), stop: names(plan.stop), next: plan.nextCheck, finished: plan.finished }).toEqual({
      start,
      stop,
      next,
      finished,
    });
  });

  it('restarts a container on the exit codes that its own rules name', () => {
    const pod = podOf('|a:exit42');
    (pod.main[0] as { spec: api.Container }).spec.restartPolicyRules = [
      { action: 'Restart', exitCodes: { operator: 'In', values: [42] } },
    ];
    expect(names(planPod(pod, 'Never', 0).start)).toBe('a');
  });
});

describe('podPhase', () => {
  it.each([
    ['|a:none', false, 'Pending'],
    ['|a:run b:pull', false, 'Pending'],
    ['|a:run b:run', false, 'Running'],
    ['|a:run b:wait', false, 'Running'],
    ['|a:done b:run', false, 'Running'],
    ['i:run|a:none', false, 'Pending'],
    ['|a:done', true, 'Succeeded'],
    ['|a:done b:exit1', true, 'Failed'],
    ['|a:none', true, 'Failed'],
    ['i:exit1|a:none', true, 'Failed'],
  ])('%s, terminal %s, is %s', (text, terminal, phase) => {
    expect(podPhase({ containers: podOf(text), terminal })).toBe(phase);
  });
});
