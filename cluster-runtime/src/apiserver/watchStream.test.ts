import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { TestServer } from './testing/testServer.ts';

const server = new TestServer();
/** Its bookmarks and time limits come when the test says so. */
const wireClock = new SteppedClock();
const stepped = new TestServer({}, { wireClock });
const secrets = '/api/v1/namespaces/ns/secrets';
const create = (name: string) => server.call('POST', secrets, { body: { metadata: { name } } });

beforeAll(async () => {
  await server.listen();
  await stepped.listen();
  await create('first');
});
afterAll(() => Promise.all([server.close(), stepped.close()]));

describe('a watch', () => {
  it('sends what exists, then what happens', async () => {
    const watch = await server.watch(`${secrets}?watch=1`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { kind: 'Secret', metadata: { name: 'first' } } });
    await create('second');
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'second' } } });
    await server.call('DELETE', `${secrets}/second`);
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'second' } } });
    watch.stop();
  });

  it('marks the end of the initial events', async () => {
    const watch = await server.watch(
      `${secrets}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    await watch.next();
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Secret', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    watch.stop();
  });

  it('brings columns with the first table only', async () => {
    const watch = await server.watch(`${secrets}?watch=1`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(await watch.next()).toMatchObject({ object: { kind: 'Table', columnDefinitions: expect.any(Array) } });
    await create('third');
    expect(await watch.next()).toMatchObject({
      object: {
        kind: 'Table',
        columnDefinitions: null,
        rows: [{ cells: ['third', 'Opaque', 0, expect.any(String)].map(() => expect.anything()) }],
      },
    });
    watch.stop();
  });

  it('sends a bookmark every minute to those who allow it', async () => {
    const watch = await stepped.watch(`${secrets}?watch=1&allowWatchBookmarks=true&resourceVersion=${stepped.store.revision}`);
    await wireClock.advance(60_000);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: String(stepped.store.revision) } },
    });
    watch.stop();
  });

  it('ends after timeoutSeconds', async () => {
    const watch = await stepped.watch(`${secrets}?watch=1&timeoutSeconds=5&resourceVersion=${stepped.store.revision}`);
    await wireClock.advance(5_000);
    expect(await watch.next()).toBeUndefined();
  });

  it('refuses bad options before it starts', async () => {
    const answer = await server.call('GET', `${secrets}?watch=1&continue=abc`);
    expect([answer.status, answer.json()['reason']]).toEqual([422, 'Invalid']);
  });

  it('gives twenty watchers every event of a burst, in order', async () => {
    const from = server.store.revision;
    const watches = await Promise.all(
      Array.from({ length: 20 }, () => server.watch(`${secrets}?watch=1&resourceVersion=${from}`)),
    );
    const names = Array.from({ length: 50 }, (_, i) => `burst-${i}`);
    await Promise.all(names.map(create));
    const revisions = await Promise.all(
      watches.map(async (watch) => {
        const seen: number[] = [];
        for (let i = 0; i < names.length; i++)
          seen.push(
            Number(
              ((await watch.next()) as { object: { metadata: { resourceVersion: string } } }).object.metadata.resourceVersion,
            ),
          );
        watch.stop();
        return seen;
      }),
    );
    for (const seen of revisions) expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(revisions[0]).size).toBe(names.length);
  });
});
