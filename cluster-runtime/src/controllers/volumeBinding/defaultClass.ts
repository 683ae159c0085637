/** Which class claims without one get: the newest of those marked as default, the first by name among equals. Pure. */
import type { StorageClass } from '#common/schema/generated/types.ts';

const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export function defaultClassName(classes: readonly StorageClass[]): string | undefined {
  let newest: { readonly name: string; readonly made: string } | undefined;
  for (const { metadata } of classes) {
    if (!marks.some((mark) => metadata.annotations?.[mark] === 'true')) continue;
    const { name = '', creationTimestamp: made = '' } = metadata;
    if (!newest || made > newest.made || (made === newest.made && name < newest.name)) newest = { name, made };
  }
  return newest?.name;
}
