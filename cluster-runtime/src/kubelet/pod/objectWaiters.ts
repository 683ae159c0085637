/** Wakes whoever waits for a ConfigMap, a Secret, a claim, a volume or an attachment to come or to change. Costs nothing while nobody waits. */
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Secret } from '#common/kinds/secret.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type { Cache } from '../../client/client.ts';
import { type MissingObject, missingText } from '../container/startProblem.ts';

export class ObjectWaiters implements Disposable {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #watches = new DisposableStore();

  constructor(cache: Cache) {
    this.#watch(cache, ConfigMap, 'ConfigMap');
    this.#watch(cache, Secret, 'Secret');
    this.#watch(cache, PersistentVolumeClaim, 'PersistentVolumeClaim');
    this.#watch(cache, PersistentVolume, 'PersistentVolume');
    this.#watch(cache, VolumeAttachment, 'VolumeAttachment');
  }

  dispose(): void {
    this.#watches.dispose();
    this.#waiting.clear();
  }

  /** Calls `wake` once, at the object's next change. */
  wait(missing: MissingObject, wake: () => void): Disposable {
    const key = missingText(missing);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(wake));
    return toDisposable(() => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key);
    });
  }

  /** What was missing is there, or has changed. */
  announce(found: MissingObject): void {
    if (this.#waiting.size === 0) return;
    const key = missingText(found);
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    for (const wake of [...waiting]) wake();
  }

  #watch<T extends KubeObject>(cache: Cache, kind: KindDefinition<T>, named: MissingObject['kind']): void {
    this.#watches.add(
      cache.informer(kind).onChange(({ type, object }) => {
        if (this.#waiting.size === 0 || type === 'deleted') return;
        const { namespace = '', name = '' } = object.metadata;
        this.announce({ kind: named, namespace, name });
      }),
    );
  }
}
