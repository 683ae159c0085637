/** The columns of `kubectl get pods`: above all the one-word status, which tells the most telling state of all containers. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, since } from '../columns.ts';
import type { Column } from '../defineKind.ts';

export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  /** When a container that has been restarted ended last; empty if none did. */
  readonly lastRestart: string;
}

const isSidecar = (container: api.Container | undefined): boolean => container?.restartPolicy === 'Always';

const hasCondition = (pod: api.Pod, type: string, reason?: string): boolean =>
  pod.status?.conditions?.some(
    (condition) => condition.type === type && (reason === undefined ? condition.status === 'True' : condition.reason === reason),
  ) ?? false;

const later = (a: string, b: string | undefined): string => (b && b > a ? b : a);

/** What `kubectl get` shows of a pod's containers. */
export function summarizePod(pod: api.Pod): PodSummary {
  const phase = pod.status?.phase ?? '';
  let status = pod.status?.reason || phase;
  if (hasCondition(pod, 'PodScheduled', 'SchedulingGated')) status = 'SchedulingGated';
  const init = summarizeInit(pod);
  if (init.status !== undefined) status = init.status;
  let { ready, restarts, lastRestart } = init;
  if (init.status === undefined || hasCondition(pod, 'Initialized')) {
    const main = summarizeMain(pod, status);
    status = main.status;
    ready += main.ready;
    restarts = init.sidecarRestarts + main.restarts;
    lastRestart = later(init.lastSidecarRestart, main.lastRestart);
  }
  if (pod.metadata.deletionTimestamp) {
    if (pod.status?.reason === 'NodeLost') status = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') status = 'Terminating';
  }
  return { ready, total: init.total, status, restarts, lastRestart };
}

interface InitSummary {
  total: number;
  ready: number;
  restarts: number;
  lastRestart: string;
  sidecarRestarts: number;
  lastSidecarRestart: string;
  /** Set while the pod is still initializing. */
  status?: string;
}

function summarizeInit(pod: api.Pod): InitSummary {
  const containers = pod.spec?.initContainers ?? [];
  const total = (pod.spec?.containers?.length ?? 0) + containers.filter(isSidecar).length;
  const out: InitSummary = { total, ready: 0, restarts: 0, lastRestart: '', sidecarRestarts: 0, lastSidecarRestart: '' };
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [i, state] of statuses.entries()) {
    const sidecar = isSidecar(containers.find((container) => container.name === state.name));
    const ended = state.lastState?.terminated?.finishedAt;
    out.restarts += state.restartCount ?? 0;
    out.lastRestart = later(out.lastRestart, ended);
    if (sidecar) {
      out.sidecarRestarts += state.restartCount ?? 0;
      out.lastSidecarRestart = later(out.lastSidecarRestart, ended);
    }
    if (state.state?.terminated && !state.state.terminated.exitCode) continue;
    if (sidecar && state.started) {
      if (state.ready) out.ready++;
      continue;
    }
    return { ...out, status: initStatus(state.state, i, containers.length) };
  }
  return out;
}

function initStatus(state: api.ContainerState | undefined, index: number, total: number): string {
  if (state?.terminated) return `Init:${endText(state.terminated)}`;
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

const endText = ({ reason, signal, exitCode }: api.ContainerStateTerminated): string =>
  reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`);

/** The first container's state wins, except that a completed one says nothing while another still runs. */
function summarizeMain(pod: api.Pod, initial: string): Omit<PodSummary, 'total'> {
  let status = initial;
  let ready = 0;
  let restarts = 0;
  let lastRestart = '';
  for (const { state, lastState, restartCount, ready: isReady } of (pod.status?.containerStatuses ?? []).toReversed()) {
    restarts += restartCount ?? 0;
    lastRestart = later(lastRestart, lastState?.terminated?.finishedAt);
    if (state?.waiting?.reason) status = state.waiting.reason;
    else if (state?.terminated) status = endText(state.terminated);
    else if (isReady && state?.running) ready++;
  }
  if (status === 'Completed' && ready > 0) status = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { status, ready, restarts, lastRestart };
}

function restartsText(pod: api.Pod, now: number): string {
  const { restarts, lastRestart } = summarizePod(pod);
  return restarts && lastRestart ? `${restarts} (${since(lastRestart, now)} ago)` : `${restarts}`;
}

function readinessGatesText(pod: api.Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (!gates.length) return '<none>';
  return `${gates.filter((gate) => hasCondition(pod, gate.conditionType)).length}/${gates.length}`;
}

const text = (name: string, cell: (pod: api.Pod, now: number) => string, priority = 0): Column<api.Pod> => ({
  name,
  type: 'string',
  priority,
  cell,
});

export const podColumns: readonly Column<api.Pod>[] = [
  nameColumn,
  text('Ready', (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  text('Status', (pod) => summarizePod(pod).status),
  text('Restarts', restartsText),
  ageColumn,
  text('IP', (pod) => pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || '<none>', 1),
  text('Node', (pod) => pod.spec?.nodeName || '<none>', 1),
  text('Nominated Node', (pod) => pod.status?.nominatedNodeName || '<none>', 1),
  text('Readiness Gates', readinessGatesText, 1),
];
