/** A change of the cluster, as far as it may let a waiting pod in. */
import type { Node, PersistentVolumeClaim, Pod } from '#common/schema/generated/types.ts';

export type ClusterChange =
  /** Without `old`, the node is new. */
  | { readonly type: 'node'; readonly node: Node; readonly old?: Node }
  /** Deleted, ended, or its place given up. */
  | { readonly type: 'podGone'; readonly pod: Pod }
  | { readonly type: 'podPlaced'; readonly pod: Pod }
  /** Labels or requests of a placed pod. */
  | { readonly type: 'podChanged'; readonly pod: Pod; readonly old: Pod }
  | { readonly type: 'claim'; readonly claim: PersistentVolumeClaim }
  | { readonly type: 'volume' | 'storageClass' | 'csiNode' | 'namespace' };
