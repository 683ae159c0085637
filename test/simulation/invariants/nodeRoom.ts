/** No node is given more than it can hold, at any time. */
import { quantityMilli } from '#common/api/quantity.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type Invariant, isLive } from './invariant.ts';

const requested = (pod: api.Pod, resource: string): number =>
  (pod.spec?.containers ?? []).reduce((sum, { resources }) => sum + quantityMilli(resources?.requests?.[resource]), 0);

export const nodeRoom: Invariant = {
  name: 'nodes hold what is bound to them',
  watch({ cache }, report) {
    return cache.informer(Pod).onChange((event) => {
      const { nodeName } = event.object.spec ?? {};
      if (event.type !== 'updated' || !nodeName || event.old.spec?.nodeName) return;
      const { allocatable } = cache.get(Node, { namespace: '', name: nodeName })?.status ?? {};
      if (!allocatable) return;
      const pods = cache.list(Pod).filter((pod) => pod.spec?.nodeName === nodeName && isLive(pod));
      if (pods.length > Number(allocatable['pods'])) report(`${nodeName} is given ${pods.length} pods of ${allocatable['pods']}`);
      const cpu = pods.reduce((sum, pod) => sum + requested(pod, 'cpu'), 0);
      if (cpu > quantityMilli(allocatable['cpu'])) report(`${nodeName} is given ${cpu}m cpu of ${allocatable['cpu']}`);
    });
  },
};
