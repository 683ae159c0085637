/**
 * Resource quantities (`100m`, `1Gi`, `1e3`): exact arithmetic in billionths, and the text that Kubernetes prints.
 * Quantities are immutable and parsing is cached, because a cluster reads the same few texts over and over; what
 * schedulers and quotas need (`milli`, `value`) is computed once.
 */
import { unexpected } from '#common/base/unexpected.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** What the API answers with. */
  readonly text: string;
  /** Which family of suffixes sums of this quantity are printed with. */
  readonly format: QuantityFormat;
  /** The exact amount in billionths. */
  readonly nano: bigint;
  /** In thousandths, rounded up (away from zero). Exact up to 2^53. */
  readonly milli: number;
  /** In whole units, rounded up (away from zero). Exact up to 2^53. */
  readonly value: number;
}

export const quantityFormatProblem =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const quantitySuffixProblem = "unable to parse quantity's suffix";

const nanoPerUnit = 10n ** 9n;
const largestBinary = (2n ** 63n - 1n) * nanoPerUnit;
const decimalSuffixes = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const decimalSuffixOf = new Map([...decimalSuffixes].map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);
const binarySuffixOf = new Map([...binarySuffixes].map(([suffix, exponent]) => [exponent, suffix]));

/**
 * Differs from Kubernetes: larger exponents are refused as malformed. There they either overflow or keep the server
 * busy until the request times out.
 */
const largestExponent = 1000;

const shape = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const exponentShape = /^[eE]([+-]?\d+)$/;

const cache = new Map<string, Quantity | string>();
const cacheLimit = 10_000;

function parseCached(text: string): Quantity | string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  // Texts come from users: the cache is bounded, and long texts, which nobody repeats, stay out of it.
  if (text.length <= 32) {
    if (cache.size >= cacheLimit) cache.clear();
    cache.set(text, parsed);
  }
  return parsed;
}

/** The quantity that `text` stands for, or undefined when it is none; `quantityProblem` says why. */
export function parseQuantity(text: string): Quantity | undefined {
  const parsed = parseCached(text);
  return typeof parsed === 'string' ? undefined : parsed;
}

/** Why `text` is no quantity, in the words of the API; undefined when it is one. */
export function quantityProblem(text: string): string | undefined {
  const parsed = parseCached(text);
  return typeof parsed === 'string' ? parsed : undefined;
}

/** For texts that were validated before: anything else is a bug. */
export const quantityOf = (text: string): Quantity =>
  parseQuantity(text) ?? unexpected(`quantity ${JSON.stringify(text)} was not validated`);

function parse(given: string): Quantity | string {
  const text = given.trim();
  const parts = text === '' || text.length > 2 * largestExponent ? null : shape.exec(text);
  if (!parts) return quantityFormatProblem;
  const [, sign, whole = '', fraction = '', suffix = ''] = parts;
  const scaling = scalingOf(suffix);
  if (!scaling) return quantitySuffixProblem;
  const { format, base, exponent } = scaling;
  const digits = BigInt(`${whole}${fraction}` || '0');
  if (digits === 0n) return quantityOfNano(0n, format);

  // In billionths: digits × base^exponent × 10^(9 - fraction's length), rounded away from zero.
  const shift = 9 - fraction.length + (base === 10 ? exponent : 0);
  const scaled = base === 2 ? digits << BigInt(exponent) : digits;
  let nano = shift >= 0 ? scaled * 10n ** BigInt(shift) : divideUp(scaled, 10n ** BigInt(-shift));
  if (base === 2 && nano > largestBinary) nano = largestBinary;
  const signed = sign === '-' ? -nano : nano;
  const actual = format === 'BinarySI' && nano < nanoPerUnit ? 'DecimalSI' : format;
  const kept = keepsItsText(whole, fraction, digits, base, exponent);
  return makeQuantity(signed, actual, kept ? text : undefined);
}

function scalingOf(suffix: string): { format: QuantityFormat; base: 2 | 10; exponent: number } | undefined {
  const decimal = decimalSuffixes.get(suffix);
  if (decimal !== undefined) return { format: 'DecimalSI', base: 10, exponent: decimal };
  const binary = binarySuffixes.get(suffix);
  if (binary !== undefined) return { format: 'BinarySI', base: 2, exponent: binary };
  const exponent = Number(exponentShape.exec(suffix)?.[1] ?? NaN);
  return Math.abs(exponent) <= largestExponent ? { format: 'DecimalExponent', base: 10, exponent } : undefined;
}

/**
 * Kubernetes prints a text back as it came (`+5`, `1e03`, `1.005`) when it is short enough for its fast path and its
 * digits need no other suffix; everything else is printed in canonical form.
 */
function keepsItsText(whole: string, fraction: string, digits: bigint, base: 2 | 10, exponent: number): boolean {
  const leading = whole.replace(/^0+/, '');
  if (leading === '') return false;
  if (base === 2) {
    const room = 14 - leading.length - Math.floor((exponent * 3) / 10);
    return fraction === '' && room >= 0 && digits % 1024n !== 0n;
  }
  const scale = exponent - fraction.length;
  return leading.length + fraction.length <= 18 && scale >= -9 && scale % 3 === 0 && digits % 1000n !== 0n;
}

const divideUp = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  if (quotient * b === a) return quotient;
  return a > 0n === b > 0n ? quotient + 1n : quotient - 1n;
};

function makeQuantity(nano: bigint, format: QuantityFormat, text?: string): Quantity {
  return {
    text: text ?? canonicalText(nano, format),
    format,
    nano,
    milli: Number(divideUp(nano, 1_000_000n)),
    value: Number(divideUp(nano, nanoPerUnit)),
  };
}

const quantityOfNano = (nano: bigint, format: QuantityFormat): Quantity => makeQuantity(nano, format);

/** A quantity of whole units. */
export const quantityFromValue = (value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity =>
  quantityOfNano(BigInt(value) * nanoPerUnit, format);

/** A quantity of thousandths. */
export const quantityFromMilli = (milli: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity =>
  quantityOfNano(BigInt(milli) * 1_000_000n, format);

function canonicalText(nano: bigint, format: QuantityFormat): string {
  if (nano === 0n) return '0';
  if (format === 'BinarySI') {
    const units = nano / nanoPerUnit;
    // What has no whole binary form is printed in decimal, so that nothing is lost.
    if (units * nanoPerUnit === nano && (units >= 1024n || units <= -1024n)) return binaryText(units);
  }
  return decimalText(nano, format === 'DecimalExponent');
}

function binaryText(units: bigint): string {
  let exponent = 0;
  while (exponent < 60 && units % 1024n === 0n) {
    units /= 1024n;
    exponent += 10;
  }
  return `${units}${binarySuffixOf.get(exponent) ?? ''}`;
}

function decimalText(nano: bigint, asExponent: boolean): string {
  let exponent = -9;
  const largest = asExponent ? Infinity : 18;
  while (exponent < largest && nano % 1000n === 0n) {
    nano /= 1000n;
    exponent += 3;
  }
  if (exponent === 0) return `${nano}`;
  return asExponent ? `${nano}e${exponent}` : `${nano}${decimalSuffixOf.get(exponent) ?? ''}`;
}

/** A sum is printed like its first operand, unless that is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return quantityOfNano(a.nano + b.nano, a.nano === 0n ? b.format : a.format);
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return quantityOfNano(a.nano - b.nano, a.nano === 0n ? b.format : a.format);
}

/** Below, at or above zero, as for sorting. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a === b || a.nano === b.nano ? 0 : a.nano < b.nano ? -1 : 1;
}

/** The amount in thousandths, rounded up. A missing or malformed text counts as nothing. */
export function quantityMilli(quantity: Quantity | string | undefined): number {
  const parsed = typeof quantity === 'string' ? parseQuantity(quantity) : quantity;
  return parsed?.milli ?? 0;
}

/** The amount in whole units, rounded up. A missing or malformed text counts as nothing. */
export function quantityValue(quantity: Quantity | string | undefined): number {
  const parsed = typeof quantity === 'string' ? parseQuantity(quantity) : quantity;
  return parsed?.value ?? 0;
}

/** The API keeps resource lists in thousandths: what is finer is rounded up. */
export function roundUpToMilli(quantity: Quantity): Quantity {
  if (quantity.nano % 1_000_000n === 0n) return quantity;
  return quantityOfNano(divideUp(quantity.nano, 1_000_000n) * 1_000_000n, quantity.format);
}
