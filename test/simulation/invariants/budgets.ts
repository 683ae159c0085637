/**
 * No eviction takes a pod that its PodDisruptionBudget needs, as far as could be known: not judged are evictions just
 * after pods that the budget counts on were lost in another way, or after the budget or its pods' owners changed.
 */
import { DisposableStore } from '#common/base/disposable.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { PodDisruptionBudget } from '#common/kinds/podDisruptionBudget.ts';
import { Pod } from '#common/kinds/pod.ts';
import { type Invariant, isServing } from './invariant.ts';
import { newsMs } from './rollouts.ts';

const isEvicted = (pod: { status?: { conditions?: readonly { type: string; reason?: string }[] } }): boolean =>
  pod.status?.conditions?.some(({ type, reason }) => type === 'DisruptionTarget' && reason === 'EvictionByEvictionAPI') === true;

export const budgets: Invariant = {
  name: 'evictions keep to disruption budgets',
  watch({ cache, clock }, report) {
    const subscriptions = new DisposableStore();
    const disturbed = new Map<string, number>();
    const disturb = (app: string | undefined): void => void disturbed.set(app ?? '', clock.now());
    subscriptions.add(
      cache.informer(PodDisruptionBudget).onChange((event) => {
        if (event.type === 'updated' && event.old.metadata.generation === event.object.metadata.generation) return;
        disturb(event.object.spec?.selector?.matchLabels?.['app']);
      }),
    );
    subscriptions.add(
      cache.informer(Pod).onChange((event) => {
        const pod = event.object;
        const app = pod.metadata.labels?.['app'];
        if (event.type !== 'updated') {
          if (event.type === 'added' || !isEvicted(pod)) disturb(app);
          return;
        }
        if (event.old.metadata.labels?.['app'] !== app) disturb(event.old.metadata.labels?.['app']);
        const begins = !event.old.metadata.deletionTimestamp && pod.metadata.deletionTimestamp !== undefined;
        if (!isEvicted(pod)) {
          if (isServing(event.old) && !isServing(pod)) disturb(app);
          return;
        }
        if (!begins || !isServing(event.old) || clock.now() - (disturbed.get(app ?? '') ?? -Infinity) < newsMs) return;
        for (const { metadata, spec, status } of cache.list(PodDisruptionBudget, pod.metadata.namespace ?? '')) {
          const selector = selectorFromLabelSelector(spec?.selector);
          if (!selector.matches(pod.metadata.labels ?? {}) || metadata.deletionTimestamp) continue;
          const healthy = cache
            .list(Pod, metadata.namespace ?? '')
            .filter((other) => selector.matches(other.metadata.labels ?? {}) && isServing(other));
          if (healthy.length < (status?.desiredHealthy ?? 0))
            report(
              `the eviction of ${pod.metadata.name} leaves ${healthy.length} pods of ${status?.desiredHealthy} to ${metadata.name}`,
            );
        }
      }),
    );
    return subscriptions;
  },
  *atRest({ cache }) {
    for (const { metadata, spec, status } of cache.list(PodDisruptionBudget)) {
      const selector = selectorFromLabelSelector(spec?.selector);
      const healthy = cache
        .list(Pod, metadata.namespace ?? '')
        .filter((pod) => selector.matches(pod.metadata.labels ?? {}) && isServing(pod));
      const expected = (status?.expectedPods ?? 0) === 0 ? 0 : healthy.length;
      if ((status?.currentHealthy ?? 0) !== expected && (status?.expectedPods ?? 0) > 0)
        yield `PodDisruptionBudget ${metadata.name} tells of ${status?.currentHealthy} healthy pods of ${expected}`;
      if (Object.keys(status?.disruptedPods ?? {}).length > 0)
        yield `PodDisruptionBudget ${metadata.name} still waits for evictions`;
    }
  },
};
