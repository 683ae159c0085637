/** How an object of the cluster is doing, in a few words: `3/3 ready`, `Bound to pv-1, 1Gi`, `last run 5 m ago`. */
import { shortHumanDuration } from '#common/api/duration.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { summarizePod } from '#common/kinds/pod/columns.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Snapshot } from '../../snapshot.ts';

type Ask = Pick<Snapshot, 'facts' | 'now' | 'l10n'>;
type Text = (object: never, ask: Ask) => string;

/** `2 m ago`. */
export function agoText(time: string | undefined, { now, l10n }: Pick<Ask, 'now' | 'l10n'>): string | undefined {
  const at = time === undefined ? NaN : Date.parse(time);
  if (Number.isNaN(at)) return undefined;
  const [, count = '0', unit = 's'] = /^(\d+)([a-z])$/.exec(shortHumanDuration(Math.max(0, now - at))) ?? [];
  const ago = agos[unit];
  // Links that move with every second cannot be clicked.
  return ago ? l10n.t(ago, count) : l10n.t('just now');
}

const agos: Readonly<Record<string, '{0} m ago' | '{0} h ago' | '{0} d ago' | '{0} y ago'>> = {
  m: '{0} m ago',
  h: '{0} h ago',
  d: '{0} d ago',
  y: '{0} y ago',
};

function replicas({ spec, status }: api.Deployment & api.StatefulSet, { l10n }: Ask): string {
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const rolling = status?.updatedReplicas !== undefined && updated < wanted && updated < (status.replicas ?? 0);
  const paused = (spec as api.DeploymentSpec | undefined)?.paused === true;
  return l10n.clauses(
    l10n.t('{0}/{1} ready', status?.readyReplicas ?? 0, wanted),
    rolling && l10n.t('{0} updated', updated),
    paused && l10n.t('paused'),
  );
}

const daemons = ({ status }: api.DaemonSet, { l10n }: Ask): string =>
  l10n.clauses(
    l10n.t('{0}/{1} ready', status?.numberReady ?? 0, status?.desiredNumberScheduled ?? 0),
    (status?.updatedNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0) &&
      l10n.t('{0} updated', status?.updatedNumberScheduled ?? 0),
  );

function pod(object: api.Pod, { l10n }: Ask): string {
  const { ready, total, status, restarts } = summarizePod(object);
  const times = restarts === 1 ? l10n.t('1 restart') : l10n.t('{0} restarts', restarts);
  return l10n.clauses(status === 'Running' ? l10n.t('{0}/{1} ready', ready, total) : status || 'Pending', restarts > 0 && times);
}

const conditionOf = (
  object: { status?: { conditions?: readonly api.JobCondition[] } },
  type: string,
): api.JobCondition | undefined => object.status?.conditions?.find((each) => each.type === type && each.status === 'True');

function job(object: api.Job, ask: Ask): string {
  const { l10n } = ask;
  const { spec, status } = object;
  const failed = conditionOf(object, 'Failed');
  if (failed) return failed.reason ? l10n.t('failed: {0}', failed.reason) : l10n.t('failed: unknown reason');
  const complete = conditionOf(object, 'Complete');
  if (complete) return l10n.clauses(l10n.t('complete'), agoText(complete.lastTransitionTime, ask));
  if (spec?.suspend) return l10n.t('suspended');
  const { active = 0, succeeded = 0, failed: failures = 0 } = status ?? {};
  return l10n.clauses(
    l10n.t('{0}/{1} complete', succeeded, spec?.completions ?? 1),
    l10n.t('{0} running', active),
    failures > 0 && l10n.t('{0} failed', failures),
  );
}

function cronJob({ spec, status }: api.CronJob, ask: Ask): string {
  const { l10n } = ask;
  const running = status?.active?.length ?? 0;
  const last = agoText(status?.lastScheduleTime, ask);
  return l10n.clauses(
    spec?.suspend && l10n.t('suspended'),
    last === undefined ? l10n.t('not run yet') : l10n.t('last run {0}', last),
    running > 0 && l10n.t('{0} running', running),
  );
}

const sliceKind = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };

function service({ metadata, spec, status }: api.Service, { facts, l10n }: Ask): string {
  if (spec?.type === 'ExternalName') return `→ ${spec.externalName ?? ''}`;
  const slices = facts
    .list(sliceKind, metadata.namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name) as unknown as api.EndpointSlice[];
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
  const outside = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const headless = spec?.clusterIP === 'None';
  const nodePorts = (spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []);
  return l10n.clauses(
    headless ? l10n.t('headless') : spec?.clusterIP,
    ...outside,
    spec?.type === 'LoadBalancer' && outside.length === 0 && l10n.t('no external address yet'),
    nodePorts.length > 0 && l10n.t(nodePorts.length === 1 ? 'node port {0}' : 'node ports {0}', nodePorts.join(' ')),
    facts.knows(sliceKind) && l10n.t('{0}/{1} endpoints ready', ready, endpoints.length),
  );
}

/** Phases are Kubernetes' words. */
const claim = ({ spec, status }: api.PersistentVolumeClaim, { l10n }: Ask): string =>
  status?.phase === 'Bound'
    ? l10n.clauses(l10n.t('Bound to {0}', spec?.volumeName ?? ''), String(status.capacity?.['storage'] ?? ''))
    : l10n.clauses(status?.phase ?? 'Pending', spec?.storageClassName);

function volume({ spec, status }: api.PersistentVolume, { l10n }: Ask): string {
  const phase = status?.phase ?? 'Pending';
  const { claimRef } = spec ?? {};
  return claimRef ? l10n.t('{0} to {1}', phase, `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`) : phase;
}

function node({ spec, status }: api.Node, { l10n }: Ask): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return l10n.clauses(
    ready === 'True' ? 'Ready' : ready === 'False' ? 'NotReady' : 'Unknown',
    spec?.unschedulable && 'SchedulingDisabled',
  );
}

function keys({ data, binaryData }: api.ConfigMap, { l10n }: Ask): string {
  const count = Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
  return count === 1 ? l10n.t('1 key') : l10n.t('{0} keys', count);
}

const ingress = ({ status }: api.Ingress, { l10n }: Ask): string =>
  l10n.clauses(...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? [])) ||
  l10n.t('no address yet');

function autoscaler({ status }: api.HorizontalPodAutoscaler, { l10n }: Ask): string {
  const active = status?.conditions?.find(({ type }) => type === 'ScalingActive');
  const [current, desired] = [status?.currentReplicas ?? 0, status?.desiredReplicas ?? 0];
  return l10n.clauses(
    desired === 1 ? l10n.t('{0} → 1 replica', current) : l10n.t('{0} → {1} replicas', current, desired),
    active?.status === 'False' && (active.reason ?? l10n.t('not active')),
  );
}

const budget = ({ status }: api.PodDisruptionBudget, { l10n }: Ask): string =>
  l10n.clauses(
    l10n.t('{0}/{1} healthy', status?.currentHealthy ?? 0, status?.expectedPods ?? 0),
    l10n.t('{0} may be disrupted', status?.disruptionsAllowed ?? 0),
  );

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
  if (object.metadata.deletionTimestamp !== undefined && kind !== 'Pod') return ask.l10n.t('is being deleted');
  const key = `${group}/${kind}`;
  return Object.hasOwn(texts, key) ? (texts[key] as (object: unknown, ask: Ask) => string)(object, ask) : '';
}

/** Who works in a control plane and on its nodes. */
const components = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet']);

/** `applied 2 m ago`: when a person or a tool changed it last, not a controller. */
export function appliedText({ metadata }: UntypedObject, ask: Pick<Ask, 'now' | 'l10n'>): string | undefined {
  let last: { time: string; applied: boolean } | undefined;
  for (const { manager = '', operation, time, subresource } of metadata.managedFields ?? []) {
    if (!time || subresource || components.has(manager) || (last && time <= last.time)) continue;
    last = { time, applied: operation === 'Apply' || manager === 'kubectl-client-side-apply' || manager === 'kubectl-create' };
  }
  const { time, applied } = last ?? { time: metadata.creationTimestamp, applied: false };
  const ago = agoText(time, ask);
  return ago && ask.l10n.t(applied ? 'applied {0}' : last ? 'changed {0}' : 'created {0}', ago);
}
