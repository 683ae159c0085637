/** Whoever tells what it has observed has observed the latest. */
import type { KubeObject } from '#common/api/meta.ts';
import { type Invariant, nameOf } from './invariant.ts';

export const observedGenerations: Invariant = {
  name: 'observed generations are current',
  *atRest({ cache }) {
    for (const kind of cache.kinds()) {
      for (const object of cache.list(kind)) {
        const { status, metadata } = object as KubeObject & { status?: { observedGeneration?: number } };
        if (kind.kind === 'Pod' || status?.observedGeneration === undefined) continue;
        if (status.observedGeneration !== metadata.generation)
          yield `${nameOf(object)} has generation ${metadata.generation}, observed is ${status.observedGeneration}`;
      }
    }
  },
};
