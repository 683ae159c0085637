/**
 * The cloud's part for nodes: one that registers with the taint of kubelets that wait for their cloud gets a provider id
 * and its instance type, and loses the taint. Other nodes are none of the cloud's business.
 *
 * Differs from Kubernetes: no cloud is asked whether an instance is still there, so no Node goes because its instance has, and
 * there are no routes to set up between nodes.
 */
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';

export const uninitializedTaint = 'node.cloudprovider.kubernetes.io/uninitialized';
const instanceTypeLabels = ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type'];
const instanceType = 'simulated';

/** The machine's id at its provider: `kube-playground://<node>`. */
export const providerIdOf = (node: string): string => `kube-playground://${node}`;

export const cloudNodeController = defineController<api.Node>({
  name: 'cloud-node-controller',
  for: Node,
  writes: [Node],
  async reconcile(ctx, key) {
    const node = ctx.cache.get(Node, key);
    const planned = node && !node.metadata.deletionTimestamp ? planCloudNode(node) : undefined;
    if (!planned) return done;
    await ctx.client.update(Node, planned);
    ctx.events.event(planned, 'Normal', 'Synced', 'Node synced successfully');
    return done;
  },
});

/** The node as the cloud makes it; undefined when it does not wait for that. */
export function planCloudNode(node: api.Node): api.Node | undefined {
  const taints = node.spec?.taints ?? [];
  if (!taints.some(({ key }) => key === uninitializedTaint)) return undefined;
  const labels = { ...Object.fromEntries(instanceTypeLabels.map((label) => [label, instanceType])), ...node.metadata.labels };
  const left = taints.filter(({ key }) => key !== uninitializedTaint);
  const { taints: _, ...spec } = node.spec ?? {};
  return {
    ...node,
    metadata: { ...node.metadata, labels },
    spec: {
      ...spec,
      providerID: node.spec?.providerID ?? providerIdOf(node.metadata.name ?? ''),
      ...(left.length > 0 ? { taints: left } : {}),
    },
  };
}
