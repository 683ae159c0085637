/** What a row says of an object: state, ready count, restarts, what it is and why it is not healthy. Pure, one function per kind. */
import type * as api from '#common/schema/generated/types.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type { RowState } from '#common/protocol/webview.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';

export interface RowFacts {
  readonly state: RowState;
  readonly ready?: string;
  readonly restarts?: number;
  readonly detail?: string;
  readonly why?: string;
}

type Condition = { type: string; status: string; reason?: string; message?: string };

const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

const reasonText = (reason: string | undefined, message: string | undefined): string =>
  [reason, message].filter((part) => part).join(': ');

/** Reasons for which a pod waits that are part of an ordinary start. */
const starting = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating']);

export function podFacts(pod: api.Pod): RowFacts {
  const { ready, total, status, restarts } = summarizePod(pod);
  const facts = { ready: `${ready}/${total}`, ...(restarts ? { restarts } : {}), ...podDetail(pod) };
  if (status === 'Completed' || status === 'Succeeded') return { ...facts, state: 'done', detail: status };
  if (status === 'Running') return { ...facts, state: ready === total ? 'ok' : 'progressing' };
  if (status === 'Unknown') return { ...facts, state: 'unknown', why: reasonText(status, pod.status?.message) };
  const scheduled = conditionOf(pod.status?.conditions as Condition[] | undefined, 'PodScheduled');
  if (scheduled?.status === 'False') return { ...facts, state: 'warning', why: reasonText(scheduled.reason, scheduled.message) };
  if (starting.has(status) || /^Init:\d+\/\d+$/.test(status)) return { ...facts, state: 'progressing', detail: status };
  return { ...facts, state: 'failed', why: reasonText(status, podReason(pod)) };
}

const podDetail = (pod: api.Pod): { detail?: string } => (pod.spec?.nodeName ? { detail: pod.spec.nodeName } : {});

/** The most telling sentence that the pod's containers have. */
function podReason(pod: api.Pod): string | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const why = containerWhy(status);
    if (why !== undefined) return why;
  }
  return pod.status?.message;
}

/** Why a container does not run. After a crash the exit is more telling than how long the kubelet waits. */
function containerWhy({ state, lastState }: api.ContainerStatus): string | undefined {
  const ended = state?.terminated ?? (state?.waiting?.reason === 'CrashLoopBackOff' ? lastState?.terminated : undefined);
  if (ended && ended.exitCode !== 0) return ended.message?.trim() || `${ended.reason ?? 'Error'}, exit code ${ended.exitCode}`;
  // That it waits is said by the reason; why the pull failed comes last, where a narrow row would cut it off.
  return state?.waiting?.message?.replace(/^Back-off pulling image "[^"]*": (?:ErrImagePull: )?/, '');
}

export function containerFacts(container: api.Container, status: api.ContainerStatus | undefined, finishes: boolean): RowFacts {
  const facts = {
    ...(container.image ? { detail: container.image } : {}),
    ...(status?.restartCount ? { restarts: status.restartCount } : {}),
  };
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return { ...facts, state: status?.ready || finishes ? 'ok' : 'progressing' };
  if (terminated?.exitCode === 0) return { ...facts, state: 'done' };
  if (terminated) return { ...facts, state: 'failed', why: containerWhy(status as api.ContainerStatus) ?? '' };
  if (!waiting || starting.has(waiting.reason ?? '')) return { ...facts, state: 'progressing' };
  return { ...facts, state: 'failed', why: reasonText(waiting.reason, containerWhy(status as api.ContainerStatus)) };
}

const counted = (have: number | undefined, want: number): { ready: string; state: RowState } => ({
  ready: `${have ?? 0}/${want}`,
  state: (have ?? 0) >= want ? 'ok' : 'progressing',
});

const isObserved = (object: { metadata: api.ObjectMeta; status?: { observedGeneration?: number } }): boolean =>
  (object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);

export function deploymentFacts(deployment: api.Deployment): RowFacts {
  const { spec, status } = deployment;
  const want = spec?.replicas ?? 1;
  const facts = counted(status?.readyReplicas, want);
  const conditions = status?.conditions as Condition[] | undefined;
  const failure = conditionOf(conditions, 'ReplicaFailure');
  if (failure?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failure.reason, failure.message) };
  const progress = conditionOf(conditions, 'Progressing');
  if (progress?.status === 'False') return { ...facts, state: 'failed', why: reasonText(progress.reason, progress.message) };
  const rolledOut = isObserved(deployment) && (status?.updatedReplicas ?? 0) >= want && (status?.replicas ?? 0) <= want;
  return rolledOut ? facts : { ...facts, state: 'progressing' };
}

export function replicaSetFacts(set: api.ReplicaSet | api.StatefulSet | api.ReplicationController): RowFacts {
  const facts = counted(set.status?.readyReplicas, set.spec?.replicas ?? 1);
  const failure = conditionOf(set.status?.conditions as Condition[] | undefined, 'ReplicaFailure');
  if (failure?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failure.reason, failure.message) };
  return isObserved(set) ? facts : { ...facts, state: 'progressing' };
}

export const daemonSetFacts = (set: api.DaemonSet): RowFacts =>
  isObserved(set) ? counted(set.status?.numberReady, set.status?.desiredNumberScheduled ?? 0) : { state: 'progressing' };

export function jobFacts(job: api.Job): RowFacts {
  const facts = { ready: `${job.status?.succeeded ?? 0}/${job.spec?.completions ?? 1}` };
  const conditions = job.status?.conditions as Condition[] | undefined;
  if (conditionOf(conditions, 'Complete')?.status === 'True') return { ...facts, state: 'done' };
  const failed = conditionOf(conditions, 'Failed');
  if (failed?.status === 'True') return { ...facts, state: 'failed', why: reasonText(failed.reason, failed.message) };
  return { ...facts, state: 'progressing' };
}

export const cronJobFacts = (cron: api.CronJob): RowFacts => ({
  state: 'ok',
  ...(cron.spec?.schedule ? { detail: cron.spec.schedule } : {}),
});

export function nodeFacts(node: api.Node, texts: TreeTexts): RowFacts {
  const version = node.status?.nodeInfo?.kubeletVersion;
  const facts = version ? { detail: version } : {};
  const ready = conditionOf(node.status?.conditions as Condition[] | undefined, 'Ready');
  if (ready?.status === 'Unknown') return { ...facts, state: 'unknown', why: reasonText(ready.reason, ready.message) };
  if (ready?.status !== 'True') return { ...facts, state: 'failed', why: reasonText(ready?.reason, ready?.message) };
  return node.spec?.unschedulable ? { ...facts, state: 'warning', why: texts.cordoned } : { ...facts, state: 'ok' };
}

export const namespaceFacts = (namespace: api.Namespace): RowFacts =>
  namespace.status?.phase === 'Terminating' ? { state: 'progressing', detail: 'Terminating' } : { state: 'none' };

/** `backed` and `ready` count the addresses behind it. */
export function serviceFacts(service: api.Service, counts: { backed: number; ready: number }, texts: TreeTexts): RowFacts {
  const { type = 'ClusterIP', clusterIP, ports, externalName, selector } = service.spec ?? {};
  const portTexts = (ports ?? []).map(({ port, nodePort }) => (nodePort ? `${port}:${nodePort}` : `${port}`));
  const address = type === 'ExternalName' ? externalName : clusterIP === 'None' ? 'headless' : type;
  const facts = { detail: [address, portTexts.join(', ')].filter((part) => part).join(' ') };
  if (type === 'ExternalName' || !selector) return { ...facts, state: 'ok' };
  const ready = `${counts.ready}/${counts.backed}`;
  if (counts.ready > 0) return { ...facts, ready, state: 'ok' };
  return { ...facts, ready, state: 'warning', why: counts.backed > 0 ? texts.noEndpoints : texts.noPodMatches };
}
