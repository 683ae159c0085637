/**
 * The simulated provisioner: makes a volume for each claim that the binder asks it to. Classes that wait for their
 * first consumer get theirs where the scheduler put the pod.
 *
 * Differs from Kubernetes: making a volume takes no time.
 */
import { hasReason } from '#common/api/status.ts';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, type ReconcileContext } from '../controller/controller.ts';
import { isSimulatedProvisioner, simulatedDriver } from '../controller/simulatedDriver.ts';
import { classOf } from '../controller/volumeMatch.ts';
import { selectedNode, storageProvisioner } from './volumeBinding/names.ts';
import { provisionedVolume, provisionProblem } from './volumeBinding/provisionedVolume.ts';

export const volumeProvisionerController = defineController<api.PersistentVolumeClaim>({
  name: 'csi-provisioner',
  eventSource: simulatedDriver,
  for: PersistentVolumeClaim,
  concurrency: 8,
  writes: [PersistentVolume, PersistentVolumeClaim],
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    if (claim && wantsVolume(claim)) await provision(ctx, claim);
    return done;
  },
});

const wantsVolume = ({ metadata, spec }: api.PersistentVolumeClaim): boolean =>
  isSimulatedProvisioner(metadata.annotations?.[storageProvisioner]) && !spec?.volumeName && !metadata.deletionTimestamp;

async function provision(ctx: ReconcileContext, claim: api.PersistentVolumeClaim): Promise<void> {
  const { namespace, name, uid, annotations } = claim.metadata;
  const storageClass = ctx.cache.get(StorageClass, { namespace: '', name: classOf(claim) });
  // The class may have been replaced by one of another provisioner since.
  if (!storageClass || storageClass.provisioner !== annotations?.[storageProvisioner]) return;
  if (ctx.cache.get(PersistentVolume, { namespace: '', name: `pvc-${uid}` })) return;
  const nodeName = annotations[selectedNode];
  if (nodeName === undefined && storageClass.volumeBindingMode === 'WaitForFirstConsumer') return;
  const node = nodeName === undefined ? undefined : ctx.cache.get(Node, { namespace: '', name: nodeName });
  if (nodeName !== undefined && !node) return giveBack(ctx, claim, nodeName);
  const problem = provisionProblem(claim);
  if (problem !== undefined) {
    const message = `failed to provision volume with StorageClass ${JSON.stringify(storageClass.metadata.name)}: ${problem}`;
    ctx.events.event(claim, 'Warning', 'ProvisioningFailed', message);
    return;
  }
  ctx.events.event(
    claim,
    'Normal',
    'Provisioning',
    `External provisioner is provisioning volume for claim "${namespace}/${name}"`,
  );
  const choose = (count: number): number => ctx.random.int(count);
  const volume = provisionedVolume({ claim, storageClass, node, nodes: ctx.cache.list(Node), choose });
  try {
    await ctx.client.create(PersistentVolume, volume);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
  ctx.events.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
}

/** The node has gone: without the annotation the scheduler places the pod anew. */
async function giveBack(ctx: ReconcileContext, claim: api.PersistentVolumeClaim, nodeName: string): Promise<void> {
  ctx.events.event(
    claim,
    'Warning',
    'ProvisioningFailed',
    `failed to get target node: nodes ${JSON.stringify(nodeName)} not found`,
  );
  const { [selectedNode]: _gone, ...annotations } = claim.metadata.annotations ?? {};
  await ctx.client.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, annotations } });
}
