/** What must be true of a cluster: at every step, or once it has come to rest. */
import type { Disposable } from '#common/base/disposable.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isReady } from '#runtime/controller/podState.ts';
import type { SimulatedCluster } from '../simulatedCluster.ts';

export type Report = (violation: string) => void;

export interface Invariant {
  readonly name: string;
  /** Looks at every change, in order, as the API acknowledges it. */
  watch?(cluster: SimulatedCluster, report: Report): Disposable;
  /** Looks at a cluster in which nothing fails any more. What it finds may be on its way to being right. */
  atRest?(cluster: SimulatedCluster): Iterable<string>;
}

export const nameOf = ({ kind, metadata }: { kind?: string; metadata: api.ObjectMeta }): string =>
  `${kind ?? 'Pod'} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;

export const isLive = (pod: api.Pod): boolean => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
export const isActive = (pod: api.Pod): boolean => isLive(pod) && !pod.metadata.deletionTimestamp;
export const isServing = (pod: api.Pod): boolean => isActive(pod) && isReady(pod);
