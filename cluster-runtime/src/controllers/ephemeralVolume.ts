/** Makes the claims of generic ephemeral volumes. A claim belongs to its pod, and goes with it. */
import { controllerOf, keyOf } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../controller/adoption.ts';
import { defineController, defineWatch, done, type ReconcileContext } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';
import { ephemeralClaimName } from './volumeBinding/claimsOfPod.ts';

const claimIndex = 'ephemeralVolume/claim';

const ephemeralVolumes = (pod: api.Pod): api.Volume[] => (pod.spec?.volumes ?? []).filter((volume) => volume.ephemeral);

export const ephemeralVolumeController = defineController<api.Pod>({
  name: 'ephemeral-volume-controller',
  eventSource: 'ephemeral_volume',
  for: Pod,
  writes: [PersistentVolumeClaim],
  watches: [
    defineWatch<api.PersistentVolumeClaim>({
      kind: PersistentVolumeClaim,
      keysFor: ({ type, object }, cache) => {
        if (type !== 'deleted') return [];
        const { namespace = '', name = '' } = object.metadata;
        return cache.informer(Pod).byIndex(claimIndex, `${namespace}/${name}`).map(keyOf);
      },
    }),
  ],
  setup(ctx) {
    ctx.cache
      .informer(Pod)
      .addIndex(claimIndex, (pod) =>
        ephemeralVolumes(pod).map((volume) => `${pod.metadata.namespace ?? ''}/${ephemeralClaimName(pod, volume)}`),
      );
  },
  async reconcile(ctx, key) {
    const pod = ctx.cache.get(Pod, key);
    if (!pod || pod.metadata.deletionTimestamp) return done;
    for (const volume of ephemeralVolumes(pod)) {
      const name = ephemeralClaimName(pod, volume);
      const claim = ctx.cache.get(PersistentVolumeClaim, { namespace: key.namespace, name });
      if (!claim) await createClaim(ctx, pod, volume, name);
      else if (controllerOf(claim)?.uid !== pod.metadata.uid) {
        const [claimText, podText] = [`${key.namespace}/${name}`, `${key.namespace}/${key.name}`];
        const message = `PVC ${claimText} was not created for pod ${podText} (pod is not owner)`;
        tellFailure(ctx, pod, volume, message);
        throw new Error(message);
      }
    }
    return done;
  },
});

async function createClaim(ctx: ReconcileContext, pod: api.Pod, volume: api.Volume, name: string): Promise<void> {
  try {
    await ctx.client.create(PersistentVolumeClaim, claimFor(pod, volume, name));
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    if (error instanceof ApiError) tellFailure(ctx, pod, volume, `create PVC ${name}: ${error.message}`);
    throw error;
  }
}

const tellFailure = (ctx: ReconcileContext, pod: api.Pod, { name }: api.Volume, problem: string): void =>
  ctx.events.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${name}: ${problem}`);

function claimFor(pod: api.Pod, { ephemeral }: api.Volume, name: string): api.PersistentVolumeClaim {
  const { labels, annotations } = ephemeral?.volumeClaimTemplate?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: pod.metadata.namespace ?? '',
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [ownerReference(Pod, pod)],
    },
    spec: ephemeral?.volumeClaimTemplate?.spec ?? {},
  };
}
