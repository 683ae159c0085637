/** Tells which CSI drivers a machine has: the playground's own, as long as the cluster knows that driver. */
import { hasReason } from '#common/api/status.ts';
import { CSIDriver } from '#common/kinds/csiDriver.ts';
import { CSINode } from '#common/kinds/csiNode.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';
import { simulatedDriver, zoneLabel } from '../../controller/simulatedDriver.ts';

export async function registerCsiNode(client: Client, cache: Cache, { metadata }: api.Node): Promise<void> {
  const { name = '', uid = '', labels = {} } = metadata;
  if (!cache.get(CSIDriver, { namespace: '', name: simulatedDriver })) return;
  if (cache.get(CSINode, { namespace: '', name })) return;
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
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}
