/** A Node's status as its kubelet reports it. Pure: what the object already says of its size and address is honoured. */
import { deepEqual } from '#common/base/freeze.ts';
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ImageInfo } from '../../containers/containerRuntime.ts';
import { pressureConditions, type PressureName } from '../eviction/pressures.ts';

export const kubeletVersion = 'v1.36.3';

export interface NodeFacts {
  readonly node: api.Node;
  readonly ip: string;
  readonly images: readonly ImageInfo[];
  /** RFC 3339. */
  readonly now: string;
  /** Of this boot of the machine; without it, what the status already says. */
  readonly bootID?: string | undefined;
  /** What the machine runs short of. */
  readonly pressures?: ReadonlySet<PressureName>;
  /** Why the kubelet is not ready; absent when it is. */
  readonly notReady?: string | undefined;
  /** What the machine found of itself when it booted; stands above what the status says. */
  readonly hardware?: Readonly<Record<string, string>> | undefined;
}

/** What a machine has when its Node does not say. */
const usualCapacity: Readonly<Record<string, string>> = { cpu: '8', memory: '16Gi', pods: '110' };
/** As many images as a Node lists, the largest ones. */
const listedImages = 50;

export interface OwnCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

const readyCondition = (notReady: string | undefined): OwnCondition =>
  notReady === undefined
    ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
    : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: notReady };

const none: ReadonlySet<PressureName> = new Set();

export function nodeStatus(facts: NodeFacts): api.NodeStatus {
  const { node, ip, images, now } = facts;
  const before = node.status ?? {};
  const { capacity, allocatable } = roomOf(before, facts.hardware);
  const ownConditions = [...pressureConditions(facts.pressures ?? none), readyCondition(facts.notReady)];
  const hostname = node.metadata.labels?.['kubernetes.io/hostname'] ?? node.metadata.name ?? '';
  const own = new Set(ownConditions.map(({ type }) => type));
  return {
    ...before,
    addresses: addresses(before.addresses, ip, hostname),
    allocatable,
    capacity,
    conditions: [
      ...(before.conditions ?? []).filter(({ type }) => !own.has(type)),
      ...ownConditions.map((condition) => {
        const last = before.conditions?.find(({ type }) => type === condition.type);
        return {
          lastHeartbeatTime: now,
          lastTransitionTime: last?.status === condition.status ? (last.lastTransitionTime ?? now) : now,
          message: condition.message,
          reason: condition.reason,
          status: condition.status,
          type: condition.type,
        };
      }),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    ...(images.length > 0 ? { images: imageList(images) } : {}),
    nodeInfo: nodeInfo(node, facts.bootID),
    runtimeHandlers: [
      { features: { recursiveReadOnlyMounts: true, userNamespaces: true }, name: '' },
      { features: { recursiveReadOnlyMounts: true, userNamespaces: true }, name: 'runc' },
    ],
  };
}

/** What pods may have is all of it, unless the status says less; of hardware that was exchanged it is all again. */
function roomOf(
  before: api.NodeStatus,
  hardware: Readonly<Record<string, string>> = {},
): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const capacity: Record<string, string> = { ...usualCapacity, ...before.capacity, ...hardware };
  const exchanged = Object.keys(hardware).filter((name) => {
    const [old, own] = [parseQuantity(before.capacity?.[name] ?? ''), parseQuantity(hardware[name] ?? '')];
    return !old || !own || compareQuantities(old, own) !== 0;
  });
  const allocatable = { ...capacity, ...before.allocatable };
  for (const name of exchanged) allocatable[name] = capacity[name] ?? '0';
  return { capacity, allocatable };
}

/** True when the status says the same but for the time of the heartbeat. */
export const sameButHeartbeat = (a: api.NodeStatus | undefined, b: api.NodeStatus): boolean =>
  deepEqual({ ...a, conditions: withoutHeartbeat(a?.conditions) }, { ...b, conditions: withoutHeartbeat(b.conditions) });

const withoutHeartbeat = (conditions: readonly api.NodeCondition[] | undefined): unknown =>
  conditions?.map(({ lastHeartbeatTime: _time, ...rest }) => rest);

function addresses(before: readonly api.NodeAddress[] | undefined, ip: string, hostname: string): api.NodeAddress[] {
  const others = before?.filter(({ type }) => type !== 'InternalIP' && type !== 'Hostname') ?? [];
  return [{ address: ip, type: 'InternalIP' }, { address: hostname, type: 'Hostname' }, ...others];
}

function imageList(images: readonly ImageInfo[]): api.ContainerImage[] {
  return [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, listedImages)
    .map((image) => ({
      names: [...(image.imageID.includes('@') ? [image.imageID] : []), image.name],
      sizeBytes: image.sizeBytes,
    }));
}

/** What a machine says of itself; the same for the same Node. */
function nodeInfo(node: api.Node, bootID: string | undefined): api.NodeSystemInfo {
  const before = node.status?.nodeInfo;
  const uid = node.metadata.uid ?? '';
  const architecture = before?.architecture || node.metadata.labels?.['kubernetes.io/arch'] || 'amd64';
  return {
    architecture,
    bootID: bootID || before?.bootID || uid,
    containerRuntimeVersion: before?.containerRuntimeVersion || 'containerd://2.2.1',
    kernelVersion: before?.kernelVersion || '6.12.0-playground',
    kubeProxyVersion: '',
    kubeletVersion: before?.kubeletVersion || kubeletVersion,
    machineID: before?.machineID || uid.replaceAll('-', ''),
    operatingSystem: before?.operatingSystem || 'linux',
    osImage: before?.osImage || 'Kube Playground',
    systemUUID: before?.systemUUID || uid,
  };
}
