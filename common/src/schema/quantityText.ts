/**
 * Quantities as text (`100m`, `1.5Gi`, `1e3`): checks them and brings them into the form in which Kubernetes prints them.
 * Exact at any size; keeps nothing but a small cache of what it has seen.
 */

/** Why a text is not a quantity, in Kubernetes' words. */
export class QuantityError extends Error {}

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const decimalExponents: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const decimalSuffixes = new Map(Object.entries(decimalExponents).map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const maxValue = (1n << 63n) - 1n;
const nano = 1_000_000_000n;

const seen = new Map<string, string>();

/** The canonical text of a quantity, `0.5` → `500m`, `1024Mi` → `1Gi`. Throws a QuantityError. */
export function canonicalQuantity(text: string): string {
  const known = seen.get(text);
  if (known !== undefined) return known;
  const canonical = canonicalize(text);
  // People use few distinct quantities; whoever sends many does not get to grow the cache.
  if (seen.size < 2000 && text.length < 32) seen.set(text, canonical);
  return canonical;
}

function canonicalize(text: string): string {
  const { negative, digits, fraction, suffix } = split(text);
  const binary = binarySuffixes.indexOf(suffix);
  let exponent = 0;
  let format: 'binary' | 'decimal' | 'exponent' = 'decimal';
  if (binary > 0) format = 'binary';
  else if (Object.hasOwn(decimalExponents, suffix)) exponent = decimalExponents[suffix] ?? 0;
  else if (/^[eE][+-]?[0-9]+$/.test(suffix)) {
    format = 'exponent';
    exponent = Number(suffix.slice(1));
    if (Math.abs(exponent) > 1000) throw new QuantityError("unable to parse quantity's suffix");
  } else throw new QuantityError("unable to parse quantity's suffix");
  if (digits === '' && fraction === '') throw new QuantityError('unable to parse numeric part of quantity');

  // The amount as an integer of nano units, rounded away from zero.
  let numerator = BigInt(digits + fraction) * nano;
  let denominator = 10n ** BigInt(fraction.length);
  if (format === 'binary') numerator <<= BigInt(binary * 10);
  else if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
  else denominator *= 10n ** BigInt(-exponent);
  let amount = (numerator + denominator - 1n) / denominator;
  if (format === 'binary' && amount > maxValue * nano) amount = maxValue * nano;
  if (amount === 0n) return '0';
  const sign = negative ? '-' : '';

  if (format === 'binary' && amount >= 1024n * nano && amount % nano === 0n) {
    let whole = amount / nano;
    let power = 0;
    while (whole % 1024n === 0n && power < 6) {
      whole /= 1024n;
      power++;
    }
    return `${sign}${whole}${binarySuffixes[power]}`;
  }
  let power = -9;
  while (amount % 1000n === 0n && (power < 18 || format === 'exponent')) {
    amount /= 1000n;
    power += 3;
  }
  const tail = format === 'exponent' ? (power === 0 ? '' : `e${power}`) : (decimalSuffixes.get(power) ?? '');
  return `${sign}${amount}${tail}`;
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

function split(text: string): { negative: boolean; digits: string; fraction: string; suffix: string } {
  if (text === '') throw new QuantityError(formatWrong);
  let at = text[0] === '-' || text[0] === '+' ? 1 : 0;
  const start = at;
  while (isDigit(text[at])) at++;
  const digits = text.slice(start, at);
  let fraction = '';
  if (text[at] === '.') {
    const after = at + 1;
    at = after;
    while (isDigit(text[at])) at++;
    fraction = text.slice(after, at);
  }
  const suffixStart = at;
  while (at < text.length && 'eEinumkKMGTP'.includes(text[at] ?? '')) at++;
  if (at < text.length) {
    if (text[at] === '-' || text[at] === '+') at++;
    while (isDigit(text[at])) at++;
    if (at < text.length) throw new QuantityError(formatWrong);
  }
  return { negative: text[0] === '-', digits, fraction, suffix: text.slice(suffixStart) };
}
