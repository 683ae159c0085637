/** What volumes and claims share: access modes, sizes, and how tables write them. */
import { type FieldError, forbidden, invalid, notSupported } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { parseQuantity } from '#common/api/quantity.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];
const shortModes = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;
export const betaStorageClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function validateAccessModes(modes: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(path, mode, accessModes));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode))) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

/** A size must be more than nothing. */
export function validatePositive(amount: string, path: FieldPath): FieldError[] {
  const quantity = parseQuantity(amount);
  return quantity && quantity.nano > 0n ? [] : [invalid(path, quantity?.text ?? amount, 'must be greater than zero')];
}

/** Negative amounts are no resource quantities; the message shows the number. */
export function validateNotNegativeQuantity(amount: string, path: FieldPath): FieldError[] {
  const quantity = parseQuantity(amount);
  return quantity && quantity.nano < 0n ? [invalid(path, quantity.value, 'must be a valid resource quantity')] : [];
}

/** `RWO,RWX`, in a fixed order. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  shortModes
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
