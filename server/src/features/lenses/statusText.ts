/** How an object of the cluster is doing, in a few words: `3/3 ready`, `Bound to pv-1, 1Gi`, `last run 5 m ago`. */
import { shortHumanDuration } from '#common/api/duration.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Snapshot } from '../../snapshot.ts';

type Ask = Pick<Snapshot, 'facts' | 'now'>;
type Text = (object: never, ask: Ask) => string;

/** `2 m ago`. */
export function agoText(time: string | undefined, now: number): string | undefined {
  const at = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : `${shortHumanDuration(Math.max(0, now - at)).replace(/(\d)([a-z])/g, '$1 $2')} ago`;
}

const listed = (...parts: readonly (string | undefined | false)[]): string => parts.filter(Boolean).join(', ');

function replicas({ spec, status }: api.Deployment & api.StatefulSet): string {
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const rolling = status?.updatedReplicas !== undefined && updated < wanted && updated < (status.replicas ?? 0);
  const paused = (spec as api.DeploymentSpec | undefined)?.paused === true;
  return listed(`${status?.readyReplicas ?? 0}/${wanted} ready`, rolling && `${updated} updated`, paused && 'paused');
}

const daemons = ({ status }: api.DaemonSet): string =>
  listed(
    `${status?.numberReady ?? 0}/${status?.desiredNumberScheduled ?? 0} ready`,
    (status?.updatedNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0) &&
      `${status?.updatedNumberScheduled ?? 0} updated`,
  );

function pod(object: api.Pod): string {
  const { ready, total, status, restarts } = summarizePod(object);
  const running = status === 'Running' || status === 'Completed';
  const times = restarts === 1 ? '1 restart' : `${restarts} restarts`;
  return listed(running && status === 'Running' ? `${ready}/${total} ready` : status || 'Pending', restarts > 0 && times);
}

const conditionOf = (
  object: { status?: { conditions?: readonly api.JobCondition[] } },
  type: string,
): api.JobCondition | undefined => object.status?.conditions?.find((each) => each.type === type && each.status === 'True');

function job(object: api.Job, { now }: Ask): string {
  const { spec, status } = object;
  const failed = conditionOf(object, 'Failed');
  if (failed) return `failed: ${failed.reason ?? 'unknown reason'}`;
  const complete = conditionOf(object, 'Complete');
  if (complete) return listed('complete', agoText(complete.lastTransitionTime, now));
  if (spec?.suspend) return 'suspended';
  const { active = 0, succeeded = 0, failed: failures = 0 } = status ?? {};
  return listed(`${succeeded}/${spec?.completions ?? 1} complete`, `${active} running`, failures > 0 && `${failures} failed`);
}

function cronJob({ spec, status }: api.CronJob, { now }: Ask): string {
  const running = status?.active?.length ?? 0;
  const last = agoText(status?.lastScheduleTime, now);
  return listed(
    spec?.suspend && 'suspended',
    last === undefined ? 'not run yet' : `last run ${last}`,
    running > 0 && `${running} running`,
  );
}

const sliceKind = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };

function service({ metadata, spec, status }: api.Service, { facts }: Ask): string {
  if (spec?.type === 'ExternalName') return `→ ${spec.externalName ?? ''}`;
  const slices = facts
    .list(sliceKind, metadata.namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name) as unknown as api.EndpointSlice[];
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
  const outside = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const headless = spec?.clusterIP === 'None';
  const nodePorts = (spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []);
  return listed(
    headless ? 'headless' : spec?.clusterIP,
    ...outside,
    spec?.type === 'LoadBalancer' && outside.length === 0 && 'no external address yet',
    nodePorts.length > 0 && `node port ${nodePorts.join(' ')}`,
    facts.knows(sliceKind) && `${ready}/${endpoints.length} endpoints ready`,
  );
}

const claim = ({ spec, status }: api.PersistentVolumeClaim): string =>
  status?.phase === 'Bound'
    ? listed(`Bound to ${spec?.volumeName ?? ''}`, String(status.capacity?.['storage'] ?? ''))
    : listed(status?.phase ?? 'Pending', spec?.storageClassName);

const volume = ({ spec, status }: api.PersistentVolume): string =>
  listed(
    `${status?.phase ?? 'Pending'}${spec?.claimRef ? ` to ${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''}`,
  );

function node({ spec, status }: api.Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return listed(
    ready === 'True' ? 'Ready' : ready === 'False' ? 'NotReady' : 'Unknown',
    spec?.unschedulable && 'SchedulingDisabled',
  );
}

function keys({ data, binaryData }: api.ConfigMap): string {
  const count = Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
  return count === 1 ? '1 key' : `${count} keys`;
}

const ingress = ({ status }: api.Ingress): string =>
  listed(...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? [])) || 'no address yet';

function autoscaler({ status }: api.HorizontalPodAutoscaler): string {
  const active = status?.conditions?.find(({ type }) => type === 'ScalingActive');
  return listed(
    `${status?.currentReplicas ?? 0} → ${status?.desiredReplicas ?? 0} replicas`,
    active?.status === 'False' && (active.reason ?? 'not active'),
  );
}

const budget = ({ status }: api.PodDisruptionBudget): string =>
  `${status?.currentHealthy ?? 0}/${status?.expectedPods ?? 0} healthy, ${status?.disruptionsAllowed ?? 0} may be disrupted`;

const texts: Readonly<Record<string, Text>> = {
  'apps/Deployment': replicas,
  'apps/StatefulSet': replicas,
  'apps/ReplicaSet': replicas,
  '/ReplicationController': replicas,
  'apps/DaemonSet': daemons,
  '/Pod': pod,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  '/Service': service,
  '/PersistentVolumeClaim': claim,
  '/PersistentVolume': volume,
  '/Node': node,
  '/ConfigMap': keys,
  '/Secret': keys,
  'networking.k8s.io/Ingress': ingress,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': budget,
};

/** Empty for a kind of which there is nothing to say but that it is there. */
export function statusText({ group, kind }: { group: string; kind: string }, object: UntypedObject, ask: Ask): string {
  if (object.metadata.deletionTimestamp !== undefined && kind !== 'Pod') return 'is being deleted';
  const key = `${group}/${kind}`;
  return Object.hasOwn(texts, key) ? (texts[key] as (object: unknown, ask: Ask) => string)(object, ask) : '';
}

/** `applied 2 m ago`: when a person or a tool changed it last, not a controller. */
export function appliedText({ metadata }: UntypedObject, now: number): string | undefined {
  let last: { time: string; applied: boolean } | undefined;
  for (const { manager = '', operation, time, subresource } of metadata.managedFields ?? []) {
    if (!time || subresource || manager.startsWith('kube-') || (last && time <= last.time)) continue;
    last = { time, applied: operation === 'Apply' || manager === 'kubectl-client-side-apply' || manager === 'kubectl-create' };
  }
  const { time, applied } = last ?? { time: metadata.creationTimestamp, applied: false };
  const ago = agoText(time, now);
  return ago && `${applied ? 'applied' : last ? 'changed' : 'created'} ${ago}`;
}
