/** A volume has one claim, a claim keeps its volume, and neither goes while it is in use. */
import { DisposableStore } from '#common/base/disposable.ts';
import { keyOf, keyText } from '#common/api/meta.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import { attachmentName, needsAttaching } from '#runtime/controller/csiAttachments.ts';
import { claimKeysOf } from '#runtime/controllers/volumeBinding/claimsOfPod.ts';
import { ns, type SimulatedCluster } from '../simulatedCluster.ts';
import { type Invariant, isActive, isLive } from './invariant.ts';

/** Nothing of it runs any more, and only finalizers keep it: it holds no claim of its own. */
const isShutDown = ({ metadata, spec }: api.Pod): boolean =>
  metadata.deletionGracePeriodSeconds === 0 && Boolean(spec?.volumes?.every((volume) => !volume.persistentVolumeClaim));

const usersOf = ({ cache }: SimulatedCluster, claim: api.PersistentVolumeClaim): api.Pod[] =>
  cache
    .list(Pod, claim.metadata.namespace ?? '')
    .filter(
      (pod) => pod.spec?.nodeName && !isShutDown(pod) && claimKeysOf(pod).some((key) => keyText(key) === keyText(keyOf(claim))),
    );

/** A claim that is to go waits for the pods on nodes that use it, a volume for its claim. */
export function isInUse(cluster: SimulatedCluster, kind: string, object: { readonly metadata: api.ObjectMeta }): boolean {
  if (kind === PersistentVolumeClaim.kind) return usersOf(cluster, object as api.PersistentVolumeClaim).length > 0;
  return kind === PersistentVolume.kind && claimOf(cluster, object as api.PersistentVolume) !== undefined;
}

const claimOf = (
  { cache }: SimulatedCluster,
  { metadata, spec }: api.PersistentVolume,
): api.PersistentVolumeClaim | undefined => {
  const { namespace = '', name = '', uid } = spec?.claimRef ?? {};
  const claim = name ? cache.get(PersistentVolumeClaim, { namespace, name }) : undefined;
  return claim?.metadata.uid === uid && claim?.spec?.volumeName === metadata.name ? claim : undefined;
};

export const volumes: Invariant = {
  name: 'volumes and claims keep each other',
  watch(cluster, report) {
    const { cache } = cluster;
    const claims = cache.informer(PersistentVolumeClaim);
    /** The pods that were on a node before their claim was to go: they hold it. */
    const holders = new Map<string, Set<string | undefined>>();
    const subscriptions = new DisposableStore();
    subscriptions.add(
      claims.onChange((event) => {
        const { metadata, spec } = event.object;
        if (event.type === 'deleted') {
          const held = holders.get(metadata.uid ?? '');
          for (const pod of usersOf(cluster, event.object)) {
            if (held?.has(pod.metadata.uid)) report(`claim ${metadata.name} goes while ${pod.metadata.name} uses it`);
          }
          return;
        }
        if (metadata.deletionTimestamp && !holders.has(metadata.uid ?? ''))
          holders.set(metadata.uid ?? '', new Set(usersOf(cluster, event.object).map((pod) => pod.metadata.uid)));
        const volume = spec?.volumeName;
        const others = volume ? claims.list().filter((other) => other.spec?.volumeName === volume) : [];
        if (others.length > 1) report(`${others.map((other) => other.metadata.name).join(' and ')} both have ${volume}`);
        if (event.type === 'updated' && event.old.spec?.volumeName && event.old.spec.volumeName !== volume)
          report(`claim ${metadata.name} changes from ${event.old.spec.volumeName} to ${volume}`);
      }),
    );
    subscriptions.add(
      cache.informer(PersistentVolume).onChange((event) => {
        const { object } = event;
        const claim = event.type === 'deleted' ? claimOf(cluster, object) : undefined;
        if (claim) report(`volume ${object.metadata.name} goes while ${claim.metadata.name} has it`);
        if (event.type !== 'updated' || !claimOf(cluster, event.old)) return;
        if (event.old.spec?.claimRef?.uid !== object.spec?.claimRef?.uid)
          report(`volume ${object.metadata.name} leaves its claim`);
      }),
    );
    return subscriptions;
  },
  *atRest(cluster) {
    const { cache } = cluster;
    for (const claim of cache.list(PersistentVolumeClaim, ns)) yield* claimProblems(cluster, claim);
    for (const volume of cache.list(PersistentVolume)) {
      const { metadata, spec, status } = volume;
      const claim = claimOf(cluster, volume);
      const phase = claim ? 'Bound' : spec?.claimRef ? 'Released' : 'Available';
      if (status?.phase !== phase) yield `volume ${metadata.name} says ${status?.phase}, it is ${phase}`;
      if (phase === 'Released' && spec?.persistentVolumeReclaimPolicy === 'Delete') yield `volume ${metadata.name} is left`;
      yield* attachmentProblems(cluster, volume, claim);
    }
    const names = new Set(cache.list(PersistentVolume).map(({ metadata }) => metadata.name));
    for (const { metadata, spec } of cache.list(VolumeAttachment)) {
      const volume = spec.source.persistentVolumeName;
      if (!names.has(volume)) yield `attachment ${metadata.name} is left of ${volume}`;
    }
  },
};

function* claimProblems({ cache }: SimulatedCluster, { metadata, spec, status }: api.PersistentVolumeClaim): Iterable<string> {
  const what = `claim ${metadata.name}`;
  if (!spec?.volumeName) {
    if (status?.phase !== 'Pending') yield `${what} says ${status?.phase} and has no volume`;
    const wanted = cache
      .list(Pod, ns)
      .some((pod) => isActive(pod) && claimKeysOf(pod).some(({ name }) => name === metadata.name));
    if (spec?.storageClassName === 'immediate' || (spec?.storageClassName === 'standard' && wanted)) {
      const waits = cache
        .list(Pod, ns)
        .filter((pod) => isActive(pod) && claimKeysOf(pod).some(({ name }) => name === metadata.name))
        .some((pod) => !pod.spec?.nodeName);
      if (!waits) yield `${what} has no volume`;
    }
    return;
  }
  const volume = cache.get(PersistentVolume, { namespace: '', name: spec.volumeName });
  if (!volume) yield `${what} has lost ${spec.volumeName}`;
  else if (volume.spec?.claimRef?.uid !== metadata.uid) yield `${what} has ${spec.volumeName}, which is another's`;
  else if (status?.phase !== 'Bound') yield `${what} says ${status?.phase}, it is bound`;
}

/** A volume is attached where the pods that use it are, and nowhere else. */
function* attachmentProblems(
  cluster: SimulatedCluster,
  { metadata, spec }: api.PersistentVolume,
  claim: api.PersistentVolumeClaim | undefined,
): Iterable<string> {
  if (!spec?.csi || !needsAttaching(cluster.cache, spec.csi)) return;
  const users = claim ? usersOf(cluster, claim).filter(isLive) : [];
  const nodes = new Set(users.map((pod) => pod.spec?.nodeName ?? ''));
  const attached = cluster.cache
    .list(VolumeAttachment)
    .filter((attachment) => attachment.spec.source.persistentVolumeName === metadata.name);
  for (const attachment of attached) {
    if (!nodes.has(attachment.spec.nodeName))
      yield `${metadata.name} is attached to ${attachment.spec.nodeName}, where no pod is`;
    if (!attachment.status?.attached) yield `${metadata.name} is not yet attached to ${attachment.spec.nodeName}`;
  }
  // Of several nodes only one gets a volume that is for one.
  const [node] = nodes;
  if (
    node !== undefined &&
    nodes.size === 1 &&
    !attached.some(({ metadata: { name } }) => spec.csi && name === attachmentName(spec.csi, node))
  )
    yield `${metadata.name} is not attached to ${node}`;
}
