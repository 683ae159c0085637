/** The metrics API is asked when somebody wants to know, and nobody waits long for it. */
import { expect, test } from 'vitest';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import { forbiddenError, pathNotFound } from '#common/api/status.ts';
import { SteppedClock } from '#common/base/clock.ts';
import { PodUse } from './podUse.ts';

/** Answers every request alike, and notes what was asked. */
function apiOf(answer: (signal: AbortSignal | undefined) => Promise<unknown>): { api: ApiClient; asked: string[] } {
  const asked: string[] = [];
  const get = (path: string, signal?: AbortSignal): Promise<unknown> => {
    asked.push(path);
    return answer(signal);
  };
  return { api: { get } as unknown as ApiClient, asked };
}

const measured = { metadata: { name: 'web-1', namespace: 'shop' }, containers: [] };

test('an answer is good for a while, in its namespace', async () => {
  const clock = new SteppedClock();
  const use = new PodUse(clock);
  const { api, asked } = apiOf(() => Promise.resolve({ items: [measured] }));
  const shop = '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods';
  expect(await use.in(api, 'shop')).toEqual([measured]);
  expect(await use.in(api, 'shop')).toEqual([measured]);
  expect(asked).toEqual([shop]);
  await clock.advance(10_000);
  await use.in(api, 'shop');
  await use.in(api, 'other');
  expect(asked).toEqual([shop, shop, shop.replace('shop', 'other')]);
  expect(clock.pending).toBe(0);
});

test.each([
  ['a cluster without the API', pathNotFound()],
  ['somebody who may not see it', forbiddenError({ group: 'metrics.k8s.io', resource: 'pods' }, '', 'no')],
  ['a connection that breaks', new ConnectionError('ECONNRESET', 'It ended the connection.')],
])('%s has no answer', async (_what, error) => {
  expect(await new PodUse(new SteppedClock()).in(apiOf(() => Promise.reject(error)).api, 'shop')).toBeUndefined();
});

test('a cluster that takes too long has none, either', async () => {
  const clock = new SteppedClock();
  const hanging = (signal?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  const answer = new PodUse(clock).in(apiOf(hanging).api, 'shop');
  await clock.advance(2_000);
  expect(await answer).toBeUndefined();
});

test('a mistake of ours is no silence', async () => {
  const failing = apiOf(() => Promise.reject(new TypeError('a bug')));
  await expect(new PodUse(new SteppedClock()).in(failing.api, 'shop')).rejects.toThrow('a bug');
});
