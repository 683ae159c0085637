/** A Node's status as its kubelet reports it. Pure: what the object already says of its size and address is honoured. */
import { deepEqual } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ImageInfo } from '../../containers/containerRuntime.ts';

export const kubeletVersion = 'v1.36.3';

export interface NodeFacts {
  readonly node: api.Node;
  readonly ip: string;
  readonly images: readonly ImageInfo[];
  /** RFC 3339. */
  readonly now: string;
}

/** What a machine has when its Node does not say. */
const usualCapacity = { cpu: '8', memory: '16Gi', pods: '110' };
/** As many images as a Node lists, the largest ones. */
const listedImages = 50;

interface OwnCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

const ownConditions: readonly OwnCondition[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
];

export function nodeStatus({ node, ip, images, now }: NodeFacts): api.NodeStatus {
  const before = node.status ?? {};
  const capacity = { ...usualCapacity, ...before.capacity };
  const hostname = node.metadata.labels?.['kubernetes.io/hostname'] ?? node.metadata.name ?? '';
  const own = new Set(ownConditions.map(({ type }) => type));
  return {
    ...before,
    addresses: addresses(before.addresses, ip, hostname),
    allocatable: { ...capacity, ...before.allocatable },
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
    nodeInfo: nodeInfo(node),
    runtimeHandlers: [
      { features: { recursiveReadOnlyMounts: true, userNamespaces: true }, name: '' },
      { features: { recursiveReadOnlyMounts: true, userNamespaces: true }, name: 'runc' },
    ],
  };
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
function nodeInfo(node: api.Node): api.NodeSystemInfo {
  const before = node.status?.nodeInfo;
  const uid = node.metadata.uid ?? '';
  const architecture = before?.architecture || node.metadata.labels?.['kubernetes.io/arch'] || 'amd64';
  return {
    architecture,
    bootID: before?.bootID || uid,
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
