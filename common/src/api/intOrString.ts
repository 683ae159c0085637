/** Fields that hold a number or a text: ports by number or name, and counts as a number or a percentage. */
export type IntOrString = number | string;

export type Rounding = 'up' | 'down';

const percentShape = /^([+-]?\d+)%$/;

/** The number before the percent sign, or undefined for anything but a percentage. */
export function percentOf(value: IntOrString): number | undefined {
  const digits = typeof value === 'string' ? percentShape.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The count that `value` stands for: itself when it is a number, its share of `total` when it is a percentage.
 * Undefined for any other text.
 */
export function resolveIntOrPercent(value: IntOrString, total: number, rounding: Rounding): number | undefined {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) return undefined;
  const share = (percent * total) / 100;
  return rounding === 'up' ? Math.ceil(share) : Math.floor(share);
}
