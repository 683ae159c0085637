import { describe, expect, it } from 'vitest';
import { ZoneHealth, type ZoneState, zoneState } from './zoneHealth.ts';

it.each<[number, number, ZoneState]>([
  [3, 0, 'Normal'],
  [1, 2, 'Normal'],
  [3, 3, 'Normal'],
  [2, 3, 'PartialDisruption'],
  [0, 1, 'FullDisruption'],
])('%i ready and %i not: %s', (ready, unready, state) => expect(zoneState(ready, unready)).toBe(state));

describe('nodes are given up', () => {
  const health = (zones: Record<string, string>): ZoneHealth => {
    const all = new ZoneHealth();
    for (const [zone, nodes] of Object.entries(zones))
      [...nodes].forEach((letter, i) => all.set(`${zone}-${i}`, zone, letter === '+'));
    return all;
  };

  it.each<[string, Record<string, string>, string, boolean]>([
    ['one of several', { a: '++-' }, 'a', true],
    ['a whole zone while another is well', { a: '---', b: '+' }, 'a', true],
    ['none when all is gone', { a: '---', b: '-' }, 'a', false],
    ['none of a small cluster when most of a zone is gone', { a: '+---', b: '+++' }, 'a', false],
    ['of a large cluster even then', { a: '+---', b: '+'.repeat(60) }, 'a', true],
  ])('%s', (_, zones, zone, given) => expect(health(zones).nextEviction(zone) !== undefined).toBe(given));

  it('ten seconds apart in each zone, a hundred in a disrupted one', () => {
    const all = health({ a: '++--', b: '+-', c: `+---${'+'.repeat(1)}`, d: '+'.repeat(60) });
    for (const zone of ['a', 'c']) all.noteEviction(zone, 1000);
    expect([all.nextEviction('a'), all.nextEviction('b'), all.nextEviction('c')]).toEqual([11_000, 0, 101_000]);
  });

  it('by what there is now', () => {
    const all = health({ a: '-' });
    expect(all.allDisrupted).toBe(true);
    all.set('a-1', 'a', true);
    expect(all.allDisrupted).toBe(false);
    all.delete('a-1');
    all.set('a-0', 'a', true);
    expect([all.allDisrupted, all.nextEviction('a')]).toEqual([false, 0]);
  });
});
