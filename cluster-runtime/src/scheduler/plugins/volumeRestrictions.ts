import type { Pod, Volume } from '#common/schema/generated/types.ts';
import type { ClusterModel } from '../clusterModel.ts';
import type { Plugin, Rejection } from '../plugin.ts';
import { requirementsOf } from '../podRequirements.ts';
import { claimsOf } from '../podVolumes.ts';

const diskInUse: Rejection = { reasons: ['node(s) had no available disk'], unresolvable: false };
const claimInUse: Rejection = {
  reasons: ['node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
  unresolvable: false,
};

/** Disks that only one pod of a node may mount, and claims that only one pod of the whole cluster may use. */
export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  planFilter(pod, cluster) {
    if (!requirementsOf(pod).usesVolumes) return undefined;
    const missing = claimsOf(pod).find(({ namespace, name, ephemeral }) => !ephemeral && !cluster.lookups.claim(namespace, name));
    if (missing) return { refused: `persistentvolumeclaim "${missing.name}" not found` };
    const taken = exclusiveClaims(pod, cluster).some((key) => cluster.claimUsers(key) > 0);
    const disks = (pod.spec?.volumes ?? []).filter(isDisk);
    if (!taken && disks.length === 0) return undefined;
    return {
      filter(node) {
        for (const user of node.volumeUsers.values()) {
          if (user.spec?.volumes?.some((used) => disks.some((disk) => disksClash(disk, used)))) return diskInUse;
        }
        return taken ? claimInUse : undefined;
      },
    };
  },
  mayHelp: (pod, change) =>
    change.type === 'podGone'
      ? requirementsOf(change.pod).usesVolumes
      : change.type === 'claim'
        ? claimsOf(pod).some(({ name }) => name === change.claim.metadata.name)
        : change.type === 'node' && !change.old,
};

const exclusiveClaims = (pod: Pod, cluster: ClusterModel): string[] =>
  claimsOf(pod)
    .filter(({ namespace, name }) => cluster.lookups.claim(namespace, name)?.spec?.accessModes?.includes('ReadWriteOncePod'))
    .map(({ namespace, name }) => `${namespace}/${name}`);

const isDisk = (volume: Volume): boolean =>
  Boolean(volume.gcePersistentDisk ?? volume.awsElasticBlockStore ?? volume.rbd ?? volume.iscsi);

/** Disks that are read only on both sides can be shared, except those of AWS. */
function disksClash(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    const [x, y] = [a.gcePersistentDisk, b.gcePersistentDisk];
    return x.pdName === y.pdName && !(x.readOnly && y.readOnly);
  }
  if (a.awsElasticBlockStore && b.awsElasticBlockStore)
    return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID;
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !(a.iscsi.readOnly && b.iscsi.readOnly);
  if (a.rbd && b.rbd) {
    const [x, y] = [a.rbd, b.rbd];
    const shareMonitor = x.monitors.some((monitor) => y.monitors.includes(monitor));
    const samePool = (x.pool ?? 'rbd') === (y.pool ?? 'rbd');
    return shareMonitor && samePool && x.image === y.image && !(x.readOnly && y.readOnly);
  }
  return false;
}
