/**
 * The volumes of a pod that has been given a node: taken at once in the model, so that no other pod is promised them,
 * then bound or asked for through the API, and waited for, before the pod itself is bound.
 */
import type { Context } from '#common/base/context.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { keyOf } from '#common/api/meta.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';
import type { ClusterModel } from '../clusterModel.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { requirementsOf } from '../podRequirements.ts';
import { isBound, planVolumes, selectedNodeAnnotation, sortClaims, type VolumePlan } from './planVolumes.ts';

/** How long a pod waits for its claims to be bound before it is scheduled anew. */
const bindTimeout = 600_000;

export interface AssumedVolumes {
  /** Resolves when all claims are bound. */
  bind(ctx: Context, client: Client, cache: Cache): Promise<void>;
  /** The pod does not get the node after all. */
  giveUp(): void;
}

/** Undefined when the pod has no claims that wait for it. */
export function assumeVolumes(pod: api.Pod, node: NodeInfo, cluster: ClusterModel): AssumedVolumes | undefined {
  if (!requirementsOf(pod).usesVolumes) return undefined;
  const claims = sortClaims(pod, cluster.lookups);
  if (claims.waiting.length === 0) return undefined;
  const plan = planVolumes(claims, node, cluster);
  for (const { claim, volume } of plan.bindings) {
    cluster.assumedVolumes.set(volume.metadata.name ?? '', `${claim.metadata.namespace}/${claim.metadata.name}`);
  }
  return {
    async bind(ctx, client, cache) {
      await write(client, node.name, plan);
      for (const claim of claims.waiting) await whenBound(ctx, cache, claim, plan.provisions.includes(claim));
    },
    giveUp() {
      for (const { volume } of plan.bindings) cluster.assumedVolumes.delete(volume.metadata.name ?? '');
    },
  };
}

async function write(client: Client, node: string, { bindings, provisions }: VolumePlan): Promise<void> {
  for (const { claim, volume } of bindings) {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion };
    const annotations = volume.spec?.claimRef ? {} : { 'pv.kubernetes.io/bound-by-controller': 'yes' };
    const metadata = { resourceVersion: volume.metadata.resourceVersion, annotations };
    await client.patch(PersistentVolume, keyOf(volume), 'merge', { metadata, spec: { claimRef } });
  }
  for (const claim of provisions) {
    if (claim.metadata.annotations?.[selectedNodeAnnotation] === node) continue;
    const metadata = { uid: claim.metadata.uid, annotations: { [selectedNodeAnnotation]: node } };
    await client.patch(PersistentVolumeClaim, keyOf(claim), 'merge', { metadata });
  }
}

/** Rejects when the provisioner gives the node back, which it does where it cannot make the volume. */
function whenBound(ctx: Context, cache: Cache, { metadata }: api.PersistentVolumeClaim, isProvisioned: boolean): Promise<void> {
  const claims = cache.informer(PersistentVolumeClaim);
  const key = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  return new Promise<void>((resolve, reject) => {
    const waits: Disposable[] = [];
    const settle = (end: () => void): void => {
      for (const wait of waits.splice(0)) wait.dispose();
      ctx.signal.removeEventListener('abort', onAbort);
      end();
    };
    const fail = (message: string): void => settle(() => reject(new Error(message)));
    const onAbort = (): void => settle(resolve);
    const check = (): void => {
      const claim = claims.get(key);
      if (!claim || claim.metadata.uid !== metadata.uid) {
        fail(
          `running PreBind plugin "VolumeBinding": binding volumes: persistentvolumeclaim ${JSON.stringify(key.name)} not found`,
        );
      } else if (isBound(claim) && claim.status?.phase === 'Bound') settle(resolve);
      else if (isProvisioned && claim.metadata.annotations?.[selectedNodeAnnotation] === undefined) {
        fail(`running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC ${JSON.stringify(key.name)}`);
      }
    };
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    waits.push(claims.onChange(check));
    waits.push(
      ctx.clock.setTimeout(
        () => fail('running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'),
        bindTimeout,
      ),
    );
    check();
  });
}
