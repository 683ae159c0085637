import type { Pod } from '#common/schema/generated/types.ts';
import type { Lookups } from '../lookups.ts';
import type { Plugin, Rejection } from '../plugin.ts';
import { requirementsOf } from '../podRequirements.ts';
import { claimsOf } from '../podVolumes.ts';

const rejection: Rejection = { reasons: ['node(s) exceed max volume count'], unresolvable: false };

/** A node's CSI driver may say how many volumes can be attached there. */
export const nodeVolumeLimits: Plugin = {
  name: 'NodeVolumeLimits',
  planFilter(pod, { lookups }) {
    if (!requirementsOf(pod).usesVolumes) return undefined;
    const wanted = csiVolumes(pod, lookups);
    if (wanted.size === 0) return undefined;
    return {
      filter(node) {
        const limits = new Map<string, number>();
        for (const { name, allocatable } of lookups.csiNode(node.name)?.spec?.drivers ?? []) {
          if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
        }
        if (limits.size === 0) return undefined;
        const attached = new Map<string, string>();
        for (const user of node.volumeUsers.values()) {
          for (const [volume, driver] of csiVolumes(user, lookups)) attached.set(volume, driver);
        }
        const added = [...wanted].filter(([volume]) => !attached.has(volume));
        for (const [driver, limit] of limits) {
          const more = added.filter(([, of]) => of === driver).length;
          const used = [...attached.values()].filter((of) => of === driver).length;
          if (more > 0 && used + more > limit) return rejection;
        }
        return undefined;
      },
    };
  },
  mayHelp: (_, { type }) => type === 'csiNode' || type === 'podGone' || type === 'claim' || type === 'node',
};

/** What identifies each CSI volume of the pod → its driver. Unbound claims count for the driver that will provision them. */
function csiVolumes(pod: Pod, lookups: Lookups): Map<string, string> {
  const out = new Map<string, string>();
  for (const { namespace, name } of claimsOf(pod)) {
    const claim = lookups.claim(namespace, name);
    if (!claim) continue;
    const volume = claim.spec?.volumeName ? lookups.volume(claim.spec.volumeName) : undefined;
    if (volume) {
      if (volume.spec?.csi) out.set(`${volume.spec.csi.driver}/${volume.spec.csi.volumeHandle}`, volume.spec.csi.driver);
      continue;
    }
    const provisioner = lookups.storageClass(claim.spec?.storageClassName ?? '')?.provisioner;
    if (provisioner) out.set(`${provisioner}/${namespace}/${name}`, provisioner);
  }
  return out;
}
