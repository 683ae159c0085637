/** One container of a pod, as its kubelet knows it. */
import type * as api from '#common/schema/generated/types.ts';
import type { ContainerLog, ImageInfo, RunningContainer } from '../../containers/containerRuntime.ts';

export type ContainerKind = 'init' | 'sidecar' | 'main' | 'ephemeral';

/**
 * `none`: not yet begun, or waiting to be tried again · `starting`: image, configuration, start · `running` ·
 * `stopping`: told to stop · `ended`: has exited, for good or until its restart is due.
 */
export type Stage = 'none' | 'starting' | 'running' | 'stopping' | 'ended';

export interface PullBackOff {
  readonly image: string;
  readonly error: string;
  readonly until: number;
  readonly nextMs: number;
}

export interface ContainerRecord {
  readonly name: string;
  readonly kind: ContainerKind;
  stage: Stage;
  /** As status shows it. */
  state: api.ContainerState;
  lastState: api.ContainerState;
  restartCount: number;
  started: boolean;
  /** What the readiness probe says; true without one. */
  ready: boolean;
  exitCode: number | undefined;
  /** An instance has run before, perhaps before this kubelet started: the next one is a restart. */
  ranBefore: boolean;
  /** It is being stopped because its definition changed, and starts again whatever the restart policy says. */
  replaced: boolean;
  /** The kernel has killed it for its memory; its end is yet to be heard of. */
  outOfMemory: boolean;
  /** Not before this time, in ms: a restart's back-off, or the next try of what failed. */
  retryAt: number | undefined;
  /** Of this length is the next back-off; undefined before the first. */
  backOffMs: number | undefined;
  /** Why a start failed and nothing but a change of the pod or of another object will help. */
  blocked: boolean;
  /** The last pull failed: with what, and when the next one may be. */
  pull: PullBackOff | undefined;
  /** What the image was when this instance started; a change of it is a restart. */
  image: string | undefined;
  info: ImageInfo | undefined;
  id: string | undefined;
  running: RunningContainer | undefined;
  log: ContainerLog | undefined;
  previousLog: ContainerLog | undefined;
}

export const newRecord = (name: string, kind: ContainerKind, waiting: string): ContainerRecord => ({
  name,
  kind,
  stage: 'none',
  state: { waiting: { reason: waiting } },
  lastState: {},
  restartCount: 0,
  started: false,
  ready: false,
  exitCode: undefined,
  ranBefore: false,
  replaced: false,
  outOfMemory: false,
  retryAt: undefined,
  backOffMs: undefined,
  blocked: false,
  pull: undefined,
  image: undefined,
  info: undefined,
  id: undefined,
  running: undefined,
  log: undefined,
  previousLog: undefined,
});

export const isSidecar = (container: api.Container): boolean => container.restartPolicy === 'Always';

/** How events name the container: `spec.containers{app}`. */
export function fieldPathOf({ kind, name }: ContainerRecord): string {
  const list = kind === 'main' ? 'containers' : kind === 'ephemeral' ? 'ephemeralContainers' : 'initContainers';
  return `spec.${list}{${name}}`;
}
