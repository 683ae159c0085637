import { expect, it } from 'vitest';
import { ListCache } from './listCache.ts';

it('makes a list once per revision and address, and forgets all with the next write', () => {
  let revision = 1;
  let made = 0;
  const cache = new ListCache(() => revision);
  const ask = (address: string): string => cache.get(address, () => Buffer.from(`${address}@${revision} #${++made}`)).toString();
  expect([ask('/a'), ask('/b'), ask('/a')]).toEqual(['/a@1 #1', '/b@1 #2', '/a@1 #1']);
  revision = 2;
  expect([ask('/a'), ask('/a')]).toEqual(['/a@2 #3', '/a@2 #3']);
});

it('keeps no more than its limit', () => {
  let made = 0;
  const cache = new ListCache(() => 1, 10);
  const ask = (address: string): number => (cache.get(address, () => (made++, Buffer.alloc(6))), made);
  expect([ask('/a'), ask('/b'), ask('/a'), ask('/b')]).toEqual([1, 2, 2, 3]);
});
