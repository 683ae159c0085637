/** Metadata with a finalizer taken off; the list goes with its last one. */
import type { ObjectMeta } from '#common/schema/generated/types.ts';

export function withoutFinalizer({ finalizers = [], ...metadata }: ObjectMeta, name: string): ObjectMeta {
  const left = finalizers.filter((finalizer) => finalizer !== name);
  return left.length > 0 ? { ...metadata, finalizers: left } : metadata;
}
