/** What is to be deleted goes: every finalizer is done, every pod has ended, no container runs for nobody. */
import { controllerOf, keyOf, type KubeObject } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Job } from '#common/kinds/job.ts';
import type { Cache } from '#runtime/client/client.ts';
import { isInUse } from './volumes.ts';
import { type Invariant, isLive, nameOf } from './invariant.ts';

/** A suspended Job holds the last failed pod of each index, with its count of failures, until it goes on. */
function waitsForReplacement(cache: Cache, pod: KubeObject): boolean {
  const owner = controllerOf(pod);
  const job = owner?.kind === 'Job' ? cache.get(Job, { ...keyOf(pod), name: owner.name }) : undefined;
  return job?.spec?.suspend === true && job.spec.backoffLimitPerIndex !== undefined;
}

export const endings: Invariant = {
  name: 'deletions and finalizers are done',
  *atRest(cluster) {
    const { cache, runtime } = cluster;
    for (const kind of cache.kinds()) {
      for (const object of cache.list(kind)) {
        const { deletionTimestamp, finalizers } = object.metadata;
        if (isInUse(cluster, kind.kind, object)) continue;
        if (kind.kind === 'Pod' && waitsForReplacement(cache, object)) continue;
        if (deletionTimestamp)
          yield `${nameOf(object)} is still to be deleted${finalizers ? `; waits for ${finalizers.join()}` : ''}`;
      }
    }
    for (const pod of cache.list(Pod)) {
      if (isLive(pod) || !pod.metadata.finalizers?.length || waitsForReplacement(cache, pod)) continue;
      yield `${nameOf(pod)} has ended and keeps ${pod.metadata.finalizers.join()}`;
    }
    const pods = new Map(cache.list(Pod).map((pod) => [pod.metadata.uid, pod]));
    for (const { pod } of runtime.running())
      if (!pods.has(pod.uid)) yield `a container of ${pod.name} runs, and the pod has gone`;
    for (const pod of pods.values()) {
      const runs = runtime.running().some((container) => container.pod.uid === pod.metadata.uid);
      if (pod.status?.phase === 'Running' && !runs) yield `${nameOf(pod)} is said to run and does not`;
    }
    for (const job of cache.list(Job)) {
      if (Object.keys(job.status?.uncountedTerminatedPods ?? {}).length > 0)
        yield `Job ${job.metadata.name} has pods that are not counted`;
    }
  },
};
