/** The conditions that a kubelet keeps on a pod, in the order and words of Kubernetes 1.36. Pure. */
import type * as api from '#common/schema/generated/types.ts';
import { isInitialized, type PodContainers } from './planPod.ts';
import type { PodPhase } from './podPhase.ts';
import type { Verdict } from './podStatus.ts';

export interface ConditionInput {
  readonly pod: api.Pod;
  readonly containers: PodContainers;
  readonly phase: PodPhase;
  readonly sandboxReady: boolean;
  /** RFC 3339. */
  readonly now: string;
  readonly verdict?: Verdict | undefined;
}

interface Draft {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const own = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

export function podConditions(input: ConditionInput): api.PodCondition[] {
  const { pod } = input;
  const before = pod.status?.conditions ?? [];
  const generation = pod.metadata.generation;
  const drafts: Draft[] = [
    ...disrupted(input),
    { type: 'PodReadyToStartContainers', status: input.sandboxReady ? 'True' : 'False' },
    initialized(input),
    ready(input),
    { ...containersReady(input), type: 'ContainersReady' },
    { type: 'PodScheduled', status: 'True' },
  ];
  return [
    ...before.filter(({ type }) => !own.includes(type) && !(type === disruption && drafts[0]?.type === disruption)),
    ...drafts.map((draft) => {
      const last = before.find((condition) => condition.type === draft.type);
      const lastTransitionTime = last?.status === draft.status ? (last.lastTransitionTime ?? input.now) : input.now;
      return {
        lastProbeTime: null as unknown as string,
        lastTransitionTime,
        ...(draft.message ? { message: draft.message } : {}),
        ...(generation === undefined ? {} : { observedGeneration: generation }),
        ...(draft.reason ? { reason: draft.reason } : {}),
        status: draft.status,
        type: draft.type,
      };
    }),
  ];
}

const disruption = 'DisruptionTarget';

/** What the kubelet ends for the sake of its machine has not failed by itself. */
function disrupted({ verdict, phase, pod }: ConditionInput): Draft[] {
  if (verdict?.graceSeconds === undefined) return [];
  // A pod that had finished by then was not disrupted.
  if (phase === 'Succeeded' || pod.status?.phase === 'Failed') return [];
  return [{ type: disruption, status: 'True', reason: 'TerminationByKubelet', message: verdict.message }];
}

const listText = (names: readonly string[]): string => `[${names.join(' ')}]`;

function initialized({ containers, phase }: ConditionInput): Draft {
  const type = 'Initialized';
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' };
  if (isInitialized(containers)) return { type, status: 'True' };
  const incomplete = containers.init.filter(({ record }) =>
    record.kind === 'sidecar' ? !record.started : !(record.stage === 'ended' && record.exitCode === 0),
  );
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: ${listText(incomplete.map(({ record }) => record.name))}`,
  };
}

function containersReady({ containers, phase }: ConditionInput): Draft {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const counted = [...containers.init.filter(({ record }) => record.kind === 'sidecar'), ...containers.main];
  const unready = counted.filter(({ record }) => !isContainerReady(record)).map(({ record }) => record.name);
  if (unready.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: ${listText(unready)}` };
}

function ready(input: ConditionInput): Draft {
  const type = 'Ready';
  const containers = containersReady(input);
  if (containers.status === 'False') return { ...containers, type };
  const problems = (input.pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = input.pod.status?.conditions?.find((candidate) => candidate.type === conditionType);
    if (!condition) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (condition.status !== 'True')
      return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
    return [];
  });
  if (problems.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

const isContainerReady = (record: { stage: string; started: boolean; ready: boolean }): boolean =>
  (record.stage === 'running' || record.stage === 'stopping') && record.started && record.ready;
