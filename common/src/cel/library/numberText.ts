/** Doubles in digits: exact before they are rounded, halves to even, as Go writes them. */

/** The digits of a whole number of `10^-places`, nearest to the value. */
function scaled(value: number, places: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const raw = bits.getBigUint64(0);
  const exponent = Number(raw >> 52n);
  const mantissa = (raw & 0xfffffffffffffn) | (exponent ? 1n << 52n : 0n);
  const power = Math.max(exponent, 1) - 1075;
  const top = mantissa * 10n ** BigInt(places);
  return power >= 0 ? top << BigInt(power) : nearest(top, 1n << BigInt(-power));
}

function nearest(a: bigint, b: bigint): bigint {
  const twice = 2n * (a % b);
  const down = a / b;
  return twice > b || (twice === b && down % 2n === 1n) ? down + 1n : down;
}

const unwritten = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞');

/** `1,234.500000`. Only the last eight bits of the number of places count. */
export function fixedText(value: number, places: number, between = ','): string {
  if (!Number.isFinite(value)) return unwritten(value);
  const shown = places % 256;
  const digits = String(scaled(value, shown)).padStart(shown + 1, '0');
  const whole = digits.slice(0, digits.length - shown).replace(/\B(?=(?:\d{3})+$)/g, between);
  return `${value < 0 ? '-' : ''}${whole}${shown ? `.${digits.slice(-shown)}` : ''}`;
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `1.500000×10⁰¹`: always six places. */
export function scientificText(value: number): string {
  if (!Number.isFinite(value)) return unwritten(value).padStart(6);
  const [digits = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  let rounded = nearest(BigInt(whole + fraction.padEnd(17, '0')), 10n ** 11n);
  let exponent = Number(power);
  if (rounded >= 10n ** 7n) [rounded, exponent] = [rounded / 10n, exponent + 1];
  const text = String(rounded).padStart(7, '0');
  const size = String(Math.abs(exponent)).padStart(2, '0');
  const above = [...size].map((digit) => raised.charAt(Number(digit))).join('');
  return `${value < 0 ? '-' : ''}${text.charAt(0)}.${text.slice(1)}×10${exponent < 0 ? '⁻' : ''}${above}`;
}
