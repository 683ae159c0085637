import { describe, expect, it } from 'vitest';
import { parseCronSchedule } from './cronSchedule.ts';
import { isTimeZone } from './timeZone.ts';

describe('parseCronSchedule', () => {
  it('reads lists, ranges, steps and names', () => {
    const schedule = parseCronSchedule('*/20 1-3,22 1 JAN-mar sun');
    expect(schedule).toEqual({
      type: 'fields',
      minutes: new Set([0, 20, 40]),
      hours: new Set([1, 2, 3, 22]),
      daysOfMonth: new Set([1]),
      months: new Set([1, 2, 3]),
      daysOfWeek: new Set([0]),
      anyDayOfMonth: false,
      anyDayOfWeek: false,
    });
    expect(parseCronSchedule('@daily')).toEqual(parseCronSchedule('0 0 * * ?'));
    expect(parseCronSchedule('@every 1m30s')).toEqual({ type: 'every', milliseconds: 90_000 });
  });

  // Answers of Kubernetes 1.36.3.
  it.each([
    ['* *', 'expected exactly 5 fields, found 2: [* *]'],
    ['61 * * * *', 'end of range (61) above maximum (59): 61'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['-1 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['@bad', 'unrecognized descriptor: @bad'],
    ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
  ])('%s', (text, problem) => expect(parseCronSchedule(text)).toEqual({ type: 'problem', problem }));
});

it.each([
  ['Europe/Paris', true],
  ['UTC', true],
  ['Etc/GMT+5', true],
  ['europe/paris', false],
  ['utc', false],
  ['../x', false],
  ['Mars/Olympus', false],
  ['+01:00', false],
])('time zone %s: %s', (name, is) => expect(isTimeZone(name)).toBe(is));
