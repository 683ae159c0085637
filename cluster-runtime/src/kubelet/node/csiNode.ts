/** Tells which CSI drivers a machine has: the playground's own, as long as the cluster knows that driver. */
import { hasReason } from '#common/api/status.ts';
import { CSIDriver } from '#common/kinds/csiDriver.ts';
import { CSINode } from '#common/kinds/csiNode.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';
import { simulatedDriver, zoneLabel } from '../../controller/simulatedDriver.ts';

/** Whether that is told by now; false while it is to be tried again. */
export async function registerCsiNode(client: Client, cache: Cache, { metadata }: api.Node): Promise<boolean> {
  const { name = '', uid = '', labels = {} } = metadata;
  if (!cache.get(CSIDriver, { namespace: '', name: simulatedDriver })) return true;
  const present = cache.get(CSINode, { namespace: '', name });
  // What is left of a Node that had the name before goes with it, and only then is there room.
  if (present) return present.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? true;
  const topologyKeys = Object.hasOwn(labels, zoneLabel) ? [zoneLabel] : [];
  try {
    await client.create(CSINode, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec: {
        drivers: [{ name: simulatedDriver, nodeID: name, ...(topologyKeys.length > 0 ? { topologyKeys } : {}) }],
      },
    });
    return true;
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'Conflict')) throw error;
    return false;
  }
}
