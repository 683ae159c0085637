/** Pods by the node that they are bound to. */
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';

const nodeNameIndex = 'nodeName';

export function indexPodsByNode(cache: Cache): void {
  cache.informer(Pod).addIndex(nodeNameIndex, (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
}

export const podsOnNode = (cache: Cache, node: string): api.Pod[] => cache.informer(Pod).byIndex(nodeNameIndex, node);
