import type { Plugin, Rejection } from '../plugin.ts';
import { requirementsOf } from '../podRequirements.ts';
import { claimsOf } from '../podVolumes.ts';
import { claimProblem, planVolumes, sortClaims } from '../volumes/planVolumes.ts';

/** Bound volumes must be usable on the node; claims that wait for their consumer must find or get a volume there. */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  planFilter(pod, cluster) {
    if (!requirementsOf(pod).usesVolumes) return undefined;
    const references = claimsOf(pod);
    if (references.length === 0) return undefined;
    for (const reference of references) {
      const refused = claimProblem(pod, reference, cluster.lookups);
      if (refused !== undefined) return { refused };
    }
    const claims = sortClaims(pod, cluster.lookups);
    if (claims.immediate.length > 0) return { refused: 'pod has unbound immediate PersistentVolumeClaims' };
    return {
      filter(node): Rejection | undefined {
        const plan = planVolumes(claims, node, cluster);
        return plan.reasons.length > 0 ? { reasons: plan.reasons, unresolvable: true } : undefined;
      },
    };
  },
  mayHelp: (pod, change) =>
    change.type === 'claim'
      ? claimsOf(pod).some(({ name, namespace }) => {
          const { metadata } = change.claim;
          return name === metadata.name && namespace === metadata.namespace;
        })
      : change.type === 'volume' || change.type === 'storageClass' || change.type === 'csiNode' || change.type === 'node',
};
