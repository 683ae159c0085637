/**
 * A scheduler plugin: a name, its reasons, and pure functions. `filter` says why a node cannot take a pod; `score`
 * says how good it would be.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { NodeInfo } from './nodeInfo.ts';

export interface Rejection {
  /** One text per reason, as Kubernetes words it; the message counts nodes per text. */
  readonly reasons: readonly string[];
  /** True when removing pods from the node could not help. */
  readonly unresolvable: boolean;
}

export interface Plugin {
  readonly name: string;
  filter?(pod: Pod, node: NodeInfo): Rejection | undefined;
  /** Any number; higher is better. `normalise` brings the scores of all feasible nodes to 0 … 100. */
  score?(pod: Pod, node: NodeInfo): number;
  readonly weight?: number;
  /** `asIs`: scores are 0 … 100 already. `highest`: scaled so that the best has 100. `lowest`: the same, with the fewest best. */
  readonly normalise?: 'asIs' | 'highest' | 'lowest';
  /** False when the plugin scores every node alike for this pod, which spares the work. */
  scores?(pod: Pod): boolean;
}
