/** What the parts of a kubelet that serve one pod know of it and of its machine. */
import type { Disposable } from '#common/base/disposable.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { RunningContainer } from '../../containers/containerRuntime.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import type { PodSelf } from '../container/downwardApi.ts';
import type { ContainerRecord } from '../container/containerRecord.ts';
import type { ServiceEnvironment } from '../container/serviceEnvironment.ts';
import type { Refusal } from '../node/nodeResources.ts';
import type { KubeletContext } from '../options.ts';
import type { PodVolumes } from '../volumes/podVolumes.ts';
import type { SharedVolumes } from '../volumes/sharedVolumes.ts';
import type { ObjectWaiters } from './objectWaiters.ts';
import type { StatusQueue } from './statusQueue.ts';

/** What the kubelets of all machines share. */
export interface KubeletShared {
  readonly services: ServiceEnvironment;
  readonly volumes: SharedVolumes;
  readonly waiters: ObjectWaiters;
  readonly statuses: StatusQueue;
}

/** A simulated machine, as the pods on it see it. */
export interface Machine {
  readonly ctx: KubeletContext;
  readonly shared: KubeletShared;
  readonly name: string;
  readonly ip: string;
  /** Acts as this node. */
  readonly client: Client;
  readonly events: EventRecorder;
  readonly allocatable: Readonly<Record<string, string>>;
  /** Takes what the pod asks for of the node, or says what there is not enough of. */
  admit(pod: api.Pod): Refusal | undefined;
  /** How long to wait before a pod is refused: one after the other takes a while, or whoever makes them anew never stops. */
  refusalDelay(): number;
  /** The pod runs no more: what it had of the node is free. */
  release(uid: string): void;
  /** A free address of the node's range; undefined while the node has no range. */
  takeAddress(): string | undefined;
  releaseAddress(ip: string): void;
  /** What a running container uses of the machine's memory, in bytes. */
  memoryOf(pod: api.Pod, container: string, running: RunningContainer): number;
  /** Calls `wake` once, when the node has got its range. */
  waitForRange(wake: () => void): Disposable;
}

export interface PodHost {
  readonly machine: Machine;
  /** As it was last seen. */
  readonly pod: api.Pod;
  readonly self: PodSelf;
  readonly volumes: PodVolumes;
  /** Aborted when the pod is to stop what it waits for. */
  readonly signal: AbortSignal;
  /** False once the pod is to end, or is gone: then nothing starts any more. */
  readonly active: boolean;
  /** Looks again at what is due. */
  sync(): void;
  /** Tries again what was given up, once `wait` calls back. */
  retryAfter(wait: (wake: () => void) => Disposable): void;
  event(record: ContainerRecord | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

const defaultGraceSeconds = 30;

/** How long the pod's containers may take to end, in seconds. */
export const graceOf = (pod: api.Pod): number =>
  (pod.metadata.deletionTimestamp ? pod.metadata.deletionGracePeriodSeconds : undefined) ??
  pod.spec?.terminationGracePeriodSeconds ??
  defaultGraceSeconds;

export const restartPolicyOf = (pod: api.Pod): string => pod.spec?.restartPolicy ?? 'Always';

/** `name_namespace(uid)`, as the kubelet's messages name a pod. */
export const podText = ({ metadata }: api.Pod): string =>
  `${metadata.name ?? ''}_${metadata.namespace ?? ''}(${metadata.uid ?? ''})`;
