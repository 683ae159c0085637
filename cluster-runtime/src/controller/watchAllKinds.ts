/** Listens to every stored kind at once, and to custom resources as their definitions come and go. */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import type { Cache, InformerEvent } from '../client/client.ts';

/** With `replay`, objects that exist (also those of a kind that comes later) are told as `added` first. */
export function watchAllKinds(
  cache: Cache,
  listener: (event: InformerEvent<KubeObject>, kind: KindDefinition) => void,
  replay = false,
): Disposable {
  const watched = new Map<string, { readonly kind: KindDefinition; readonly subscription: Disposable }>();
  const follow = (): void => {
    const current = new Map(cache.kinds().map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));
    for (const [name, { kind, subscription }] of watched) {
      if (current.get(name) === kind) continue;
      subscription.dispose();
      watched.delete(name);
    }
    for (const [name, kind] of current) {
      if (watched.has(name)) continue;
      watched.set(name, { kind, subscription: cache.informer(kind).onChange((event) => listener(event, kind), replay) });
    }
  };
  const all = new DisposableStore();
  all.add(cache.onKindsChange(follow));
  all.add(
    toDisposable(() => {
      for (const { subscription } of watched.values()) subscription.dispose();
    }),
  );
  follow();
  return all;
}
