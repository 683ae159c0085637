/** The kubelets' part in letting volumes grow: where a running pod has the volume mounted, its file system follows. */
import { type Context, spawnTask } from '#common/base/context.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { keyText } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';
import { hasClaimCondition, resizedStatus } from '../../controller/claimExpansion.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import { claimNameOf } from './volumeProblems.ts';

const claimIndex = 'kubelet/claim';
const pending = 'FileSystemResizePending';

export interface ResizerContext extends Context {
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
}

/** `runs`: whether the machine of that name is on; one that is not does it when it is again. */
export function watchClaimsToResize(ctx: ResizerContext, runs: (node: string) => boolean): Disposable {
  const claims = ctx.cache.informer(PersistentVolumeClaim);
  const pods = ctx.cache.informer(Pod);
  pods.addIndex(claimIndex, (pod) => (pod.spec?.nodeName ? claimKeys(pod).map(keyText) : []));
  const look = (claim: api.PersistentVolumeClaim): void => {
    if (!claim.status || !hasClaimCondition(claim.status, pending)) return;
    const { namespace = '', name = '' } = claim.metadata;
    const users = pods
      .byIndex(claimIndex, keyText({ namespace, name }))
      .filter(({ spec, status }) => status?.phase === 'Running' && runs(spec?.nodeName ?? ''));
    if (users.length > 0) spawnTask(ctx, `resize of ${namespace}/${name}`, () => resize(ctx, claim, users));
  };
  const handles = new DisposableStore();
  handles.add(claims.onChange((event) => (event.type === 'deleted' ? undefined : look(event.object))));
  handles.add(
    pods.onChange((event) => {
      if (event.type !== 'updated' || !event.object.spec?.volumes) return;
      // Also when it runs again after a boot, which shows in its containers alone.
      if (event.object.status?.phase !== 'Running' || event.old.status === event.object.status) return;
      for (const key of claimKeys(event.object)) {
        const claim = claims.get(key);
        if (claim) look(claim);
      }
    }),
  );
  return handles;
}

function claimKeys(pod: api.Pod): { namespace: string; name: string }[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [{ namespace: pod.metadata.namespace ?? '', name }];
  });
}

async function resize(ctx: ResizerContext, claim: api.PersistentVolumeClaim, users: readonly api.Pod[]): Promise<void> {
  const node = users[0]?.spec?.nodeName ?? '';
  const { status } = claim;
  const storage = status?.allocatedResources?.['storage'] ?? claim.spec?.resources?.requests?.['storage'];
  if (!status || storage === undefined) return;
  try {
    await ctx.client
      .as(`system:node:${node}`, 'kubelet')
      .updateStatus(PersistentVolumeClaim, { ...claim, status: resizedStatus(status, storage) });
  } catch (error) {
    // Whoever changed it in between has brought it here again.
    if (hasReason(error, 'Conflict') || hasReason(error, 'NotFound')) return;
    throw error;
  }
  const events = ctx.events.as('kubelet', node);
  const message = `MountVolume.NodeExpandVolume succeeded for volume "${claim.spec?.volumeName ?? ''}" ${node}`;
  for (const about of [claim, ...users]) events.event(about, 'Normal', 'FileSystemResizeSuccessful', message);
}
