/** What a node's silence and its conditions mean: conditions that turn Unknown, and taints. Pure decisions. */
import { formatTime, parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { sameTaint } from '../../controller/tolerations.ts';

/** How long a node may be silent before its conditions turn Unknown, and a new one before its first word. */
const gracePeriod = 50_000;
const startupGracePeriod = 60_000;

/** The last sign of life: the lease's renewal or the heartbeat of the Ready condition. Undefined before the first. */
export function lastHeard(node: api.Node, lease: api.Lease | undefined): number | undefined {
  const times = [parseTime(lease?.spec?.renewTime), parseTime(readyCondition(node)?.lastHeartbeatTime)].filter(
    (time) => time !== undefined,
  );
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** When the node counts as lost unless it is heard of again. `watchingSince`: silence before that does not count. */
export function silentAt(node: api.Node, lease: api.Lease | undefined, watchingSince: number): number {
  const heard = lastHeard(node, lease);
  if (heard !== undefined) return Math.max(heard, watchingSince) + gracePeriod;
  return Math.max(parseTime(node.metadata.creationTimestamp) ?? 0, watchingSince) + startupGracePeriod;
}

export const readyCondition = (node: api.Node): api.NodeCondition | undefined =>
  node.status?.conditions?.find((condition) => condition.type === 'Ready');

const watchedConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** The conditions of a node that has fallen silent. */
export function planUnknownConditions(node: api.Node, now: number): api.NodeCondition[] {
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of watchedConditions) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    if (old?.status === 'Unknown') continue;
    if (old) {
      conditions[at] = {
        ...old,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: formatTime(now),
      };
    } else {
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        ...(node.metadata.creationTimestamp ? { lastHeartbeatTime: node.metadata.creationTimestamp } : {}),
        lastTransitionTime: formatTime(now),
      });
    }
  }
  return conditions;
}

/** Condition → status → taint. */
const taintByCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const unschedulableTaint = 'node.kubernetes.io/unschedulable';

const managed: readonly api.Taint[] = [
  ...Object.values(taintByCondition)
    .flatMap((byStatus) => Object.values(byStatus))
    .map((key) => ({ key, effect: 'NoSchedule' })),
  { key: unschedulableTaint, effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
];

/**
 * The taints that the node shall have: those of others as they are, those that its state asks for. `givenUp`: whether
 * pods are to leave a node that is not ready.
 */
export function planTaints(node: api.Node, now: number, givenUp: boolean): api.Taint[] {
  const wanted = wantedTaints(node).filter(({ effect }) => givenUp || effect !== 'NoExecute');
  const old = node.spec?.taints ?? [];
  const kept = old.filter((taint) => !managed.some((m) => sameTaint(m, taint)) || wanted.some((w) => sameTaint(w, taint)));
  const added = wanted.filter((taint) => !old.some((o) => sameTaint(o, taint)));
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: formatTime(now) }))];
}

function wantedTaints(node: api.Node): api.Taint[] {
  const taints: api.Taint[] = [];
  for (const { type, status } of node.status?.conditions ?? []) {
    const byStatus = Object.hasOwn(taintByCondition, type) ? taintByCondition[type] : undefined;
    const key = byStatus && Object.hasOwn(byStatus, status) ? byStatus[status] : undefined;
    if (!key) continue;
    taints.push({ key, effect: 'NoSchedule' });
    if (type === 'Ready') taints.push({ key, effect: 'NoExecute' });
  }
  // A node that has not spoken yet keeps the taint that it was born with.
  if (!readyCondition(node)) taints.push({ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' });
  if (node.spec?.unschedulable) taints.push({ key: unschedulableTaint, effect: 'NoSchedule' });
  return taints;
}

/** Whether the pods of the node have been told to leave it because it is not ready. */
export const isGivenUp = ({ spec }: api.Node): boolean =>
  spec?.taints?.some((taint) => taint.effect === 'NoExecute' && managed.some((own) => sameTaint(own, taint))) ?? false;

const betaLabels: Readonly<Record<string, string>> = {
  'kubernetes.io/os': 'beta.kubernetes.io/os',
  'kubernetes.io/arch': 'beta.kubernetes.io/arch',
};

/** Labels whose deprecated copies are missing or out of date. */
export function planBetaLabels({ metadata: { labels } }: api.Node): Record<string, string> {
  return Object.fromEntries(
    Object.entries(betaLabels).flatMap(([stable, beta]) => {
      const value = labels?.[stable];
      return value !== undefined && labels?.[beta] !== value ? [[beta, value]] : [];
    }),
  );
}
