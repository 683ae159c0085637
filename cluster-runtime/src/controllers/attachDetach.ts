/**
 * Attaches CSI volumes to the nodes that their pods run on, and detaches them when no pod there uses them any more. A
 * volume that only one node may have waits until the other has let go of it.
 *
 * Differs from Kubernetes: a node does not list volumesInUse; its kubelet has unmounted what the objects of its pods no
 * longer need.
 */
import { keyOf, keyText, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, InformerEvent } from '../client/client.ts';
import { defineController, defineWatch, done, type ReconcileContext, requeueAt } from '../controller/controller.ts';
import { isFinished } from '../controller/podState.ts';
import {
  attachedName,
  attachmentIndex,
  attachmentName,
  indexAttachments,
  isShareable,
  needsAttaching,
} from '../controller/csiAttachments.ts';
import { type AttachmentPlan, planAttachments } from './volumeAttachment/planAttachments.ts';
import { claimKeysOf } from './volumeBinding/claimsOfPod.ts';

const podIndex = 'attachDetach/claim';
const nodeIndex = 'attachDetach/node';

export const attachDetachController = defineController<api.PersistentVolume>({
  name: 'persistentvolume-attach-detach-controller',
  account: 'attachdetach-controller',
  eventSource: 'attachdetach-controller',
  for: PersistentVolume,
  concurrency: 8,
  writes: [VolumeAttachment, Node],
  watches: [
    defineWatch<api.Pod>({ kind: Pod, keysFor: volumesForPod }),
    defineWatch<api.PersistentVolumeClaim>({ kind: PersistentVolumeClaim, keysFor: ({ object }) => volumeOfClaim(object) }),
    defineWatch<api.VolumeAttachment>({ kind: VolumeAttachment, keysFor: ({ object }) => volumeOfAttachment(object) }),
    defineWatch<api.Node>({ kind: Node, keysFor: volumesOnNode }),
  ],
  setup({ cache }) {
    indexAttachments(cache);
    cache.informer(VolumeAttachment).addIndex(nodeIndex, ({ spec }) => [spec.nodeName]);
    cache.informer(Pod).addIndex(podIndex, (pod) => (pod.spec?.nodeName ? claimKeysOf(pod).map(keyText) : []));
  },
  async reconcile(ctx, key) {
    const volume = ctx.cache.get(PersistentVolume, key);
    const csi = volume?.spec?.csi;
    const attachments = ctx.cache
      .informer(VolumeAttachment)
      .byIndex(attachmentIndex, key.name)
      .filter(({ metadata, spec }) => !csi || metadata.name === attachmentName(csi, spec.nodeName));
    if (!volume || !csi) return done;
    const pods = needsAttaching(ctx.cache, csi) ? podsOf(ctx.cache, volume) : [];
    if (pods.length === 0 && attachments.length === 0) return done;
    const plan = planAttachments({
      volume: key.name,
      shareable: isShareable(volume),
      pods,
      attachments,
      node: (name) => ctx.cache.get(Node, { namespace: '', name }),
      now: ctx.clock.now(),
    });
    await carryOut(ctx, volume, csi, pods, plan);
    for (const attachment of attachments) await finish(ctx, attachment, csi, pods);
    return requeueAt(plan.nextCheck);
  },
});

/** The pods that have a node and use the claim that the volume is bound to. */
function podsOf(cache: Cache, { metadata, spec }: api.PersistentVolume): api.Pod[] {
  const { namespace = '', name = '', uid } = spec?.claimRef ?? {};
  const claim = name ? cache.get(PersistentVolumeClaim, { namespace, name }) : undefined;
  if (!claim || claim.metadata.uid !== uid || claim.spec?.volumeName !== metadata.name) return [];
  return cache
    .informer(Pod)
    .byIndex(podIndex, keyText({ namespace, name }))
    .filter((pod) => !isFinished(pod));
}

async function carryOut(
  ctx: ReconcileContext,
  volume: api.PersistentVolume,
  csi: api.CSIPersistentVolumeSource,
  pods: readonly api.Pod[],
  { attach, detach, refused }: AttachmentPlan,
): Promise<void> {
  for (const { metadata, spec } of detach) {
    await setAttached(ctx, spec.nodeName, attachedName(csi), false);
    await tolerant('NotFound', () => ctx.client.delete(VolumeAttachment, { namespace: '', name: metadata.name ?? '' }));
  }
  for (const { pod, message } of refused) ctx.events.event(pod, 'Warning', 'FailedAttachVolume', message);
  for (const nodeName of attach) {
    const attachment: api.VolumeAttachment = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: attachmentName(csi, nodeName) },
      spec: { attacher: csi.driver, nodeName, source: { persistentVolumeName: volume.metadata.name ?? '' } },
    };
    await tolerant('AlreadyExists', () => ctx.client.create(VolumeAttachment, attachment));
  }
}

/** Does the driver's part, and tells the node and its pods. */
async function finish(
  ctx: ReconcileContext,
  attachment: api.VolumeAttachment,
  csi: api.CSIPersistentVolumeSource,
  pods: readonly api.Pod[],
): Promise<void> {
  const { nodeName } = attachment.spec;
  if (attachment.metadata.deletionTimestamp || attachment.status?.attached) return;
  const users = pods.filter(({ spec }) => spec?.nodeName === nodeName);
  if (users.length === 0) return;
  await setAttached(ctx, nodeName, attachedName(csi), true);
  const message = `AttachVolume.Attach succeeded for volume ${JSON.stringify(attachment.spec.source.persistentVolumeName)} `;
  for (const pod of users) ctx.events.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
  await ctx.client.updateStatus(VolumeAttachment, { ...attachment, status: { attached: true } });
}

async function setAttached(ctx: ReconcileContext, nodeName: string, name: string, attached: boolean): Promise<void> {
  const node = ctx.cache.get(Node, { namespace: '', name: nodeName });
  const before = node?.status?.volumesAttached ?? [];
  if (!node || before.some((one) => one.name === name) === attached) return;
  const { volumesAttached: _before, ...status } = node.status ?? {};
  const after = attached ? [...before, { name, devicePath: '' }] : before.filter((one) => one.name !== name);
  await ctx.client.updateStatus(Node, {
    ...node,
    status: after.length > 0 ? { ...status, volumesAttached: after } : status,
  });
}

async function tolerant(reason: 'NotFound' | 'AlreadyExists', write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!hasReason(error, reason)) throw error;
  }
}

const named = (name: string | undefined): ObjectKey[] => (name ? [{ namespace: '', name }] : []);
const volumeOfClaim = ({ spec }: api.PersistentVolumeClaim): ObjectKey[] => named(spec?.volumeName);
const volumeOfAttachment = ({ spec }: api.VolumeAttachment): ObjectKey[] => named(spec.source.persistentVolumeName);

/** A pod that is placed, ends or goes. */
function volumesForPod(event: InformerEvent<api.Pod>, cache: Cache): ObjectKey[] {
  const { object } = event;
  if (!object.spec?.volumes || !object.spec.nodeName) return [];
  const isNews = event.type !== 'updated' || !event.old.spec?.nodeName || isFinished(event.old) !== isFinished(object);
  if (!isNews) return [];
  return claimKeysOf(object).flatMap((key) => {
    const claim = cache.get(PersistentVolumeClaim, key);
    return claim ? volumeOfClaim(claim) : [];
  });
}

/** What a node has attached is looked at when the node comes, goes, fails or is taken out of service. */
function volumesOnNode(event: InformerEvent<api.Node>, cache: Cache): ObjectKey[] {
  if (event.type === 'updated') {
    const same = readyOf(event.old) === readyOf(event.object) && event.old.spec?.taints === event.object.spec?.taints;
    if (same) return [];
  }
  return cache.informer(VolumeAttachment).byIndex(nodeIndex, keyOf(event.object).name).flatMap(volumeOfAttachment);
}

const readyOf = ({ status }: api.Node): string | undefined => status?.conditions?.find(({ type }) => type === 'Ready')?.status;
