import { describe, expect, it } from 'vitest';
import { type CronSchedule, parseCronSchedule } from '#common/kinds/workloads/cronSchedule.ts';
import { formatInZone, nextFire } from './cronTime.ts';

const next = (schedule: string, after: string, timeZone = 'UTC'): string | undefined => {
  const at = nextFire(parseCronSchedule(schedule) as CronSchedule, Date.parse(after), timeZone);
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

describe('nextFire', () => {
  it.each([
    ['* * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:01'],
    ['*/15 * * * *', '2026-01-01T00:44:59Z', '2026-01-01T00:45'],
    ['0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00'],
    ['30 8 * * 1-5', '2026-01-02T09:00:00Z', '2026-01-05T08:30'],
    ['0 0 13 * 5', '2026-01-03T00:00:00Z', '2026-01-09T00:00'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00'],
    ['0 0 31 2 *', '2026-01-01T00:00:00Z', undefined],
    ['@every 90s', '2026-01-01T00:00:00Z', '2026-01-01T00:01'],
  ])('%s after %s', (schedule, after, want) => expect(next(schedule, after)).toBe(want));

  it.each([
    ['a zone', '0 9 * * *', '2026-01-01T00:00:00Z', '2026-01-01T08:00'],
    ['summer time', '0 9 * * *', '2026-07-01T00:00:00Z', '2026-07-01T07:00'],
    ['an hour that is skipped', '30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-30T00:30'],
    ['a day that is shorter', '0 0 * * *', '2026-03-28T23:30:00Z', '2026-03-29T22:00'],
  ])('in Berlin: %s', (_, schedule, after, want) => expect(next(schedule, after, 'Europe/Berlin')).toBe(want));

  it('writes times with the offset of the zone', () => {
    expect(formatInZone(Date.UTC(2026, 6, 1, 7), 'Europe/Berlin')).toBe('2026-07-01T09:00:00+02:00');
    expect(formatInZone(Date.UTC(2026, 6, 1, 7), 'UTC')).toBe('2026-07-01T07:00:00Z');
  });
});
