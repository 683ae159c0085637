import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalDuration,
  durationProblem,
  formatDuration,
  humanDuration,
  parseDuration,
  shortHumanDuration,
} from './duration.ts';
import { percentOf, resolveIntOrPercent } from './intOrString.ts';
import { canonicalTime, formatMicroTime, formatTime, parseTime, timeProblem } from './time.ts';

const layout = '2006-01-02T15:04:05Z07:00';

describe('times', () => {
  test('are written in whole seconds or six digits', () => {
    const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    expect(formatTime(ms)).toBe('2026-01-02T03:04:05Z');
    expect(formatMicroTime(ms)).toBe('2026-01-02T03:04:05.678000Z');
    expect(formatMicroTime(ms + 0.5)).toBe('2026-01-02T03:04:05.678500Z');
  });

  test.each([
    ['2026-01-01T01:00:00+01:00', 'time', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.999Z', 'time', '2026-01-01T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 'time', '2024-02-29T00:00:00Z'],
    ['2026-01-01T00:00:00.123456Z', 'microTime', '2026-01-01T00:00:00.123456Z'],
  ] as const)('%s as %s is %s', (text, kind, wanted) => {
    expect(canonicalTime(text, kind)).toBe(wanted);
  });

  test.each([
    ['', `parsing time "" as "${layout}": cannot parse "" as "2006"`],
    ['Bogus', `parsing time "Bogus" as "${layout}": cannot parse "Bogus" as "2006"`],
    ['2026-01-01T00:00:00ZX', 'parsing time "2026-01-01T00:00:00ZX": extra text: "X"'],
    ['2026-01-01', `parsing time "2026-01-01" as "${layout}": cannot parse "" as "T"`],
    ['2026-13-01T00:00:00Z', 'parsing time "2026-13-01T00:00:00Z": month out of range'],
    ['2026-02-30T00:00:00Z', 'parsing time "2026-02-30T00:00:00Z": day out of range'],
    ['2026-01-01T00:00:00', `parsing time "2026-01-01T00:00:00" as "${layout}": cannot parse "" as "Z07:00"`],
  ])('%s is refused', (text, problem) => {
    expect(timeProblem(text)).toBe(problem);
    expect(parseTime(text)).toBeUndefined();
  });

  test('lease times need six digits', () => {
    expect(timeProblem('2026-01-01T00:00:00Z', 'microTime')).toBe(
      'parsing time "2026-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    );
  });

  test('come back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799 }), (seconds) => {
        expect(parseTime(formatTime(seconds * 1000))).toBe(seconds * 1000);
        expect(canonicalTime(formatTime(seconds * 1000))).toBe(formatTime(seconds * 1000));
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    ['90s', '1m30s'],
    ['1.5h', '1h30m0s'],
    ['0', '0s'],
    ['-1.5s', '-1.5s'],
    ['1500us', '1.5ms'],
    ['1h0m0.001s', '1h0m0.001s'],
  ])('%s is %s', (text, wanted) => {
    expect(canonicalDuration(text)).toBe(wanted);
  });

  test.each([
    ['', 'time: invalid duration ""'],
    ['5', 'time: missing unit in duration "5"'],
    ['5y', 'time: unknown unit "y" in duration "5y"'],
    ['s', 'time: invalid duration "s"'],
  ])('%s is refused', (text, problem) => {
    expect(durationProblem(text)).toBe(problem);
  });

  test('come back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  });

  test.each([
    [-2000, '<invalid>'],
    [-500, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [330_000, '5m30s'],
    [10 * 60_000 + 5000, '10m'],
    [3 * 3600_000, '3h'],
    [3 * 3600_000 + 12 * 60_000, '3h12m'],
    [47 * 3600_000, '47h'],
    [51 * 3600_000, '2d3h'],
    [9 * 86_400_000, '9d'],
    [3 * 365 * 86_400_000 + 20 * 86_400_000, '3y20d'],
    [9 * 365 * 86_400_000, '9y'],
  ])('%i ms of age is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  test('short ages have one unit', () => {
    expect(shortHumanDuration(330_000)).toBe('5m');
  });
});

describe('int or percent', () => {
  test.each([
    [3, 'up', 3],
    ['25%', 'up', 3],
    ['25%', 'down', 2],
    ['0%', 'up', 0],
    ['x', 'up', undefined],
  ] as const)('%s of 10, rounded %s, is %s', (value, rounding, wanted) => {
    expect(resolveIntOrPercent(value, 10, rounding)).toBe(wanted);
  });

  test('percentages', () => {
    expect(percentOf('40%')).toBe(40);
    expect(percentOf(40)).toBeUndefined();
  });
});
