/** What the kubelets are given, and what each part of one works with. */
import type { Context } from '#common/base/context.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../client/client.ts';
import type { ContainerRuntime } from '../containers/containerRuntime.ts';
import type { EventRecorder } from '../controller/eventRecorder.ts';
import type { Network } from '../network/network.ts';
import type { VolumeStore } from './volumes/volumeStore.ts';

/** A pod's token of its service account, as a projected volume asks for it. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly pod: { readonly name: string; readonly uid: string };
  readonly node: string;
  /** Empty: the API server's own. */
  readonly audience: string;
  readonly expirationSeconds: number;
}

export interface KubeletOptions {
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly network: Network;
  /**
   * Nothing takes time. A deleted pod then goes without a last status, and nodes do not list their images: what takes
   * no time leaves no trace in between.
   */
  readonly instant?: boolean;
  /**
   * Whether a machine adds the labels of its operating system, architecture and host name to a Node that has none of
   * them, as a kubelet does that registers itself. False leaves Nodes exactly as they were created; so does `instant`,
   * unless this says otherwise.
   */
  readonly labelNodes?: boolean;
  /**
   * What a container uses, where something says so beside its own programs (an annotation, a load that somebody makes);
   * `measured` is what its programs use. Absent: what is measured.
   */
  readonly memoryOf?: (pod: api.Pod, container: string, measured: number) => number;
  /** Where volumes that outlive their pods lie; in memory unless said. Disposed of with the kubelets. */
  readonly volumes?: VolumeStore;
  /** Signs service account tokens; called when a container reads the file. Without it the files are empty. */
  readonly mintToken?: (request: TokenRequest) => string;
}

/** What is common to all kubelets of the cluster. */
export interface KubeletContext extends Context, KubeletOptions {}
