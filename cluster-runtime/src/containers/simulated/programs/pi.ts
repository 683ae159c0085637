/** Pi with Machin's formula over big integers. */

const guardDigits = 12n;

/** `3.1415…` with `digits` significant digits, the last one rounded. */
export function piDigits(digits: number): string {
  if (digits <= 1) return '3';
  const decimals = BigInt(digits - 1);
  const unit = 10n ** (decimals + guardDigits);
  const pi = 4n * (4n * arctanInverse(5n, unit) - arctanInverse(239n, unit));
  const guard = 10n ** guardDigits;
  const rounded = ((pi + guard / 2n) / guard).toString();
  return `${rounded[0]}.${rounded.slice(1)}`;
}

function arctanInverse(x: bigint, unit: bigint): bigint {
  const square = x * x;
  let term = unit / x;
  let sum = term;
  for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
    term /= square;
    sum += (sign * term) / n;
  }
  return sum;
}
