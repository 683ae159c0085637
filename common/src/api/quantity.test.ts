import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityFormatProblem,
  quantityFromMilli,
  quantityFromValue,
  quantityMilli,
  quantityOf,
  quantityProblem,
  quantitySuffixProblem,
  quantityValue,
  roundUpToMilli,
  subtractQuantities,
} from './quantity.ts';

describe('the text that the API gives back', () => {
  test.each([
    // Decimal suffixes grow and shrink by thousands.
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['1000m', '1'],
    ['100000', '100k'],
    ['123456', '123456'],
    ['1000M', '1G'],
    ['1000P', '1E'],
    ['12345678901234567890n', '12345678901234567890n'],
    // Binary suffixes by 1024.
    ['1024Mi', '1Gi'],
    ['1048577Ki', '1048577Ki'],
    ['0.5Gi', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['1023', '1023'],
    ['0.5Ki', '512'],
    ['0.1Mi', '104857600m'],
    ['0.0001Ki', '102400u'],
    ['8Ei', '9223372036854775807'],
    // Exponents stay exponents.
    ['1e3', '1e3'],
    ['1e4', '10e3'],
    ['1E4', '10e3'],
    ['1e1', '10'],
    ['1000e3', '1e6'],
    ['1e-2', '10e-3'],
    // What is finer than a billionth is rounded up.
    ['0.1n', '1n'],
    ['1.1n', '2n'],
    ['1e-10', '1e-9'],
    ['12.5e-9', '13e-9'],
    // A short text whose digits fit its suffix comes back as it was.
    ['+5', '+5'],
    ['5.', '5.'],
    ['1e03', '1e03'],
    ['1E3', '1E3'],
    ['1.005', '1.005'],
    ['+1000', '1k'],
    ['+1.5', '1500m'],
    ['0.123', '123m'],
    ['+1023Ki', '+1023Ki'],
    ['+999999999999Ki', '999999999999Ki'],
    // Nothing at all.
    ['0', '0'],
    ['0Ki', '0'],
    ['-0', '0'],
    ['.', '0'],
    ['k', '0'],
    [' 7 ', '7'],
  ])('%s is %s', (given, wanted) => {
    expect(parseQuantity(given)?.text).toBe(wanted);
  });

  test.each([
    ['', quantityFormatProblem],
    ['1x', quantityFormatProblem],
    ['1.1.1', quantityFormatProblem],
    ['1e3m', quantityFormatProblem],
    ['1 k', quantityFormatProblem],
    ['1e99999999999', quantitySuffixProblem],
    ['1e', quantitySuffixProblem],
    ['1kk', quantitySuffixProblem],
    ['1ki', quantitySuffixProblem],
    ['--5', quantitySuffixProblem],
  ])('%s is refused', (given, problem) => {
    expect(parseQuantity(given)).toBeUndefined();
    expect(quantityProblem(given)).toBe(problem);
  });
});

describe('amounts', () => {
  test.each([
    ['100m', 100, 1],
    ['1', 1000, 1],
    ['1.0001', 1001, 2],
    ['1Gi', 1073741824000, 1073741824],
    ['-1500m', -1500, -2],
    ['1n', 1, 1],
  ])('%s is %i thousandths and %i units, rounded up', (text, milli, value) => {
    expect(quantityMilli(text)).toBe(milli);
    expect(quantityValue(text)).toBe(value);
  });

  test('nothing counts as nothing', () => {
    expect(quantityMilli(undefined)).toBe(0);
    expect(quantityValue('bogus')).toBe(0);
  });

  test('a sum is printed like its first operand, unless that is zero', () => {
    expect(addQuantities(quantityOf('1Gi'), quantityOf('1G')).text).toBe('2073741824');
    expect(addQuantities(quantityOf('1Gi'), quantityOf('1Gi')).text).toBe('2Gi');
    expect(addQuantities(quantityOf('0'), quantityOf('512Mi')).text).toBe('512Mi');
    expect(subtractQuantities(quantityOf('1'), quantityOf('200m')).text).toBe('800m');
  });

  test('resource lists are kept in thousandths', () => {
    expect(roundUpToMilli(quantityOf('1.1n')).text).toBe('1m');
    expect(roundUpToMilli(quantityOf('100m'))).toBe(quantityOf('100m'));
  });
});

const quantityText = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.nat(999_999),
    fc.option(fc.nat(999)),
    fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-3', 'E2'),
  )
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${suffix}`);

describe('properties', () => {
  test('the canonical text means the same amount and is canonical itself', () => {
    fc.assert(
      fc.property(quantityText, (text) => {
        const quantity = quantityOf(text);
        const again = quantityOf(quantity.text);
        expect(again.nano).toBe(quantity.nano);
        expect(again.text).toBe(quantity.text);
      }),
    );
  });

  test('addition and comparison agree with numbers', () => {
    fc.assert(
      fc.property(quantityText, quantityText, (a, b) => {
        const [x, y] = [quantityOf(a), quantityOf(b)];
        expect(addQuantities(x, y).nano).toBe(x.nano + y.nano);
        expect(subtractQuantities(addQuantities(x, y), y).nano).toBe(x.nano);
        expect(Math.sign(compareQuantities(x, y))).toBe(x.nano < y.nano ? -1 : x.nano > y.nano ? 1 : 0);
      }),
    );
  });

  test('whole numbers and thousandths come back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        expect(quantityFromMilli(n).milli).toBe(n);
        expect(quantityOf(quantityFromValue(n).text).nano).toBe(BigInt(n) * 10n ** 9n);
        expect(quantityOf(quantityFromValue(n, 'BinarySI').text).nano).toBe(BigInt(n) * 10n ** 9n);
      }),
    );
  });
});
