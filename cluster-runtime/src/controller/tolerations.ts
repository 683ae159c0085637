/** Taints and the tolerations that meet them. */
import type * as api from '#common/schema/generated/types.ts';

export function tolerates(toleration: api.Toleration, taint: api.Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? 'Equal') {
    case 'Exists':
      return true;
    case 'Equal':
      return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '');
    default:
      return false;
  }
}

export const isTolerated = (tolerations: readonly api.Toleration[] | undefined, taint: api.Taint): boolean =>
  tolerations?.some((toleration) => tolerates(toleration, taint)) ?? false;

/**
 * How many seconds the pod may stay under these taints: undefined when one of them is not tolerated, Infinity when all
 * are for good.
 */
export function toleratedSeconds(tolerations: readonly api.Toleration[] = [], taints: readonly api.Taint[]): number | undefined {
  let least = Infinity;
  for (const taint of taints) {
    const matching = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!matching) return undefined;
    if (matching.tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, matching.tolerationSeconds));
  }
  return least;
}

export const sameTaint = (a: api.Taint, b: api.Taint): boolean => a.key === b.key && a.effect === b.effect;
