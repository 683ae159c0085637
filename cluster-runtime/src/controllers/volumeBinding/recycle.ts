/**
 * The old reclaim policy Recycle: a pod removes all that is on the volume, which then is free again. For host paths and
 * NFS exports only.
 */
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { Failure } from './planVolume.ts';

const prefix = 'recycler-for-';
const namespace = 'default';
const volumeLabel = 'playground.kube/recycles';
const deadlineSeconds = 300;
const scrub = 'test -e /scrub && rm -rf /scrub/..?* /scrub/.[!.]* /scrub/*  && test -z "$(ls -A /scrub)" || exit 1';

/** The volume that a recycler pod is for. */
export function volumeOfRecycler({ metadata }: api.Pod): ObjectKey[] {
  const name = metadata.labels?.[volumeLabel] ?? '';
  return metadata.namespace === namespace && metadata.name === prefix + name ? [{ namespace: '', name }] : [];
}

export async function recycle(ctx: ReconcileContext, volume: api.PersistentVolume): Promise<'underWay' | 'done' | Failure> {
  if (!volume.spec?.hostPath && !volume.spec?.nfs) {
    return { reason: 'VolumeFailedRecycle', message: 'No recycler plugin found for the volume!' };
  }
  const name = prefix + keyOf(volume).name;
  const pod = ctx.cache.get(Pod, { namespace, name });
  if (!pod) {
    await ctx.client.create(Pod, recyclerPod(name, volume));
    ctx.events.event(volume, 'Normal', 'RecyclerPod', 'Recycler pod: created');
    return 'underWay';
  }
  const { phase, message } = pod.status ?? {};
  if (pod.metadata.deletionTimestamp || (phase !== 'Succeeded' && phase !== 'Failed')) return 'underWay';
  try {
    await ctx.client.delete(Pod, { namespace, name }, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
  if (phase === 'Succeeded') return 'done';
  return { reason: 'VolumeFailedRecycle', message: `Recycle failed: ${message || 'pod failed, pod.Status.Message unknown'}` };
}

function recyclerPod(name: string, { metadata, spec }: api.PersistentVolume): api.Pod {
  const source = spec?.hostPath ? { hostPath: { path: spec.hostPath.path } } : spec?.nfs ? { nfs: spec.nfs } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { [volumeLabel]: metadata.name ?? '' } },
    spec: {
      activeDeadlineSeconds: deadlineSeconds,
      restartPolicy: 'Never',
      containers: [
        {
          name: 'pv-recycler',
          image: 'busybox:1.37',
          command: ['/bin/sh', '-c', scrub],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
      volumes: [{ name: 'vol', ...source }],
    },
  };
}
