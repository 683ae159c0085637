/** Of a StatefulSet's pods no two run under one name at the same time, on whatever nodes; a Job runs no index twice. */
import { toDisposable } from '#common/base/disposable.ts';
import { controllerOf } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ns } from '../simulatedCluster.ts';
import { type Invariant, isActive } from './invariant.ts';

export const identities: Invariant = {
  name: 'no identity runs twice',
  watch({ cache, runtime }, report) {
    /** Deleted by force while they ran: whoever does that takes the risk. */
    const forced = new Set<string>();
    return cache.informer(Pod).onChange((event) => {
      const pod = event.object;
      const owner = controllerOf(pod);
      if (pod.metadata.namespace !== ns || owner?.kind !== 'StatefulSet') return;
      if (event.type === 'deleted') {
        forced.add(pod.metadata.uid ?? '');
        return;
      }
      const running = new Set(
        runtime.running().flatMap((c) => (c.pod.name === pod.metadata.name && !forced.has(c.pod.uid) ? [c.pod.uid] : [])),
      );
      if (running.size > 1) report(`${running.size} pods called ${pod.metadata.name} run at the same time`);
    });
  },
};

export const indexes: Invariant = {
  name: 'no index of a Job runs twice',
  watch({ cache }, report) {
    const pods = cache.informer(Pod);
    const subscription = pods.onChange((event) => {
      const owner = controllerOf(event.object);
      if (event.type !== 'added' || owner?.kind !== 'Job') return;
      const indexOf = (annotations: Record<string, string> | undefined) =>
        annotations?.['batch.kubernetes.io/job-completion-index'];
      const index = indexOf(event.object.metadata.annotations);
      if (index === undefined) return;
      const same = pods.ownedBy(owner.uid).filter((pod) => isActive(pod) && indexOf(pod.metadata.annotations) === index);
      if (same.length > 1) report(`${same.length} pods of ${owner.name} have the index ${index}`);
    });
    return toDisposable(() => subscription.dispose());
  },
};
