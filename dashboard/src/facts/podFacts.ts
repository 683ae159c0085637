/** Pods and containers: above all why one does not run, in words that fit on a row. */
import type * as api from '#common/schema/generated/types.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import { filled, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { conditionOf, reasonText, type RowFacts } from './rowFacts.ts';

/** Reasons for which a pod waits that are part of an ordinary start. */
const starting = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating']);

export function podFacts(pod: api.Pod, texts: TreeTexts): RowFacts {
  const { ready, total, status, restarts } = summarizePod(pod);
  const facts = { ready: `${ready}/${total}`, ...(restarts ? { restarts } : {}) };
  if (status === 'Completed' || status === 'Succeeded') return { ...facts, state: 'done', detail: status };
  if (status === 'Running') return { ...facts, state: ready === total ? 'ok' : 'progressing' };
  if (status === 'Unknown') return { ...facts, state: 'unknown', why: reasonText(status, pod.status?.message) };
  const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False' && status !== 'Terminating')
    return { ...facts, state: 'warning', why: reasonText(status, schedulerReason(scheduled.message)) };
  if (starting.has(status) || /^Init:\d+\/\d+$/.test(status)) return { ...facts, state: 'progressing', detail: status };
  return { ...facts, state: 'failed', why: reasonText(status, podReason(pod, texts)) };
}

/** `3 Insufficient cpu`: what the scheduler counts; how many nodes there are and what preemption would do is for the details. */
function schedulerReason(message: string | undefined): string | undefined {
  const counted = /^0\/\d+ nodes are available: (.+?)\.?(?: preemption: .*| no new claims to deallocate.*)?$/s.exec(
    message ?? '',
  );
  return counted?.[1] ?? message;
}

/** The most telling sentence that the pod's containers have. */
function podReason(pod: api.Pod, texts: TreeTexts): string | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const why = containerWhy(status, texts);
    if (why !== undefined) return why;
  }
  return pod.status?.message;
}

/** Why a container does not run. After a crash the exit is more telling than how long the kubelet waits. */
function containerWhy({ state, lastState, image = '' }: api.ContainerStatus, texts: TreeTexts): string | undefined {
  const ended = state?.terminated ?? (state?.waiting?.reason === 'CrashLoopBackOff' ? lastState?.terminated : undefined);
  if (ended && ended.exitCode !== 0) {
    const reason = ended.reason && ended.reason !== 'Error' ? `${ended.reason}, ` : '';
    const exit = `${reason}${filled(texts.exitCode, ended.exitCode)}`;
    const said = ended.message?.trim().split('\n').at(-1);
    return said ? `${exit}: ${said}` : exit;
  }
  const { reason = '', message } = state?.waiting ?? {};
  // Other things than images are not found too, such as a ConfigMap.
  return /ImagePull/.test(reason) ? pullReason(message, image, texts) : message;
}

/** What comes first is that it waits, which the reason says already; why the pull failed comes last, where a narrow row would cut it off. */
function pullReason(message: string | undefined, image: string, texts: TreeTexts): string | undefined {
  if (message === undefined) return undefined;
  if (!/not found$/.test(message)) return message.replace(/^Back-off pulling image "[^"]*": (?:ErrImagePull: )?/, '');
  return filled(/:[^/@]+$/.test(image) ? texts.noSuchTag : texts.noSuchImage, image);
}

export function containerFacts(
  container: api.Container,
  status: api.ContainerStatus | undefined,
  finishes: boolean,
  texts: TreeTexts,
): RowFacts {
  const facts = {
    ...(container.image ? { detail: container.image } : {}),
    ...(status?.restartCount ? { restarts: status.restartCount } : {}),
  };
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return { ...facts, state: status?.ready || finishes ? 'ok' : 'progressing' };
  if (terminated?.exitCode === 0) return { ...facts, state: 'done' };
  if (status && terminated) return { ...facts, state: 'failed', why: containerWhy(status, texts) ?? '' };
  if (!status || !waiting || starting.has(waiting.reason ?? '')) return { ...facts, state: 'progressing' };
  return { ...facts, state: 'failed', why: reasonText(waiting.reason, containerWhy(status, texts)) };
}
