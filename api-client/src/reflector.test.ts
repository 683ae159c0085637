import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { RealClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { type ApiClient, createApiClient } from './apiClient.ts';
import { ConnectionMonitor } from './connectionMonitor.ts';
import { type ObjectSink, reflect, type ReflectedResource } from './reflector.ts';
import { HurriedClock } from './testing/hurriedClock.ts';
import { answerJson, answerStatus, type Asked, ScriptedServer } from './testing/scriptedServer.ts';

const { ca, serving } = createCertificates(new RealClock().now());
const resource: ReflectedResource = { kind: 'Pod', apiVersion: 'v1', path: '/api/v1/pods' };

/** What a sink holds, and everything that happened to it. */
class Mirror implements ObjectSink {
  readonly held = new Map<string, KubeObject>();
  readonly said: string[] = [];
  readonly #waiting = new Set<() => void>();

  replace(_: string, objects: readonly KubeObject[]): void {
    this.held.clear();
    for (const object of objects) this.held.set(object.metadata.name ?? '', object);
    this.say(`list ${objects.map(({ metadata }) => metadata.name).join(' ')}`.trim());
  }
  set(_: string, object: KubeObject): void {
    this.held.set(object.metadata.name ?? '', object);
    this.say(`set ${object.metadata.name}`);
  }
  remove(_: string, object: KubeObject): void {
    this.held.delete(object.metadata.name ?? '');
    this.say(`remove ${object.metadata.name}`);
  }
  say(what: string): void {
    this.said.push(what);
    for (const check of [...this.#waiting]) check();
  }
  async until(what: string, times = 1): Promise<void> {
    while (this.said.filter((each) => each === what).length < times)
      await new Promise<void>((resolve) => {
        const check = (): void => {
          this.#waiting.delete(check);
          resolve();
        };
        this.#waiting.add(check);
      });
  }
}

let server: ScriptedServer;
let api: ApiClient;
let stop: AbortController;
let running: Promise<void>;
let clock: HurriedClock;

beforeAll(async () => (server = await new ScriptedServer({ ca: ca.cert, ...serving }, () => undefined).start()));
afterAll(() => server.stop());
afterEach(async () => {
  stop.abort();
  await running;
  api.close();
});

function begin(
  answer: (asked: Asked, isWatch: boolean, count: number) => void,
  changes: Partial<ReflectedResource> = {},
): Mirror {
  server.asked.length = 0;
  const counts = { watch: 0, list: 0 };
  server.script((asked) => {
    const isWatch = asked.query.get('watch') === 'true';
    answer(asked, isWatch, ++counts[isWatch ? 'watch' : 'list']);
  });
  const mirror = new Mirror();
  const monitor = new ConnectionMonitor();
  monitor.onChange(({ state, problem }) => mirror.say(problem ? `${state}: ${problem.replace(server.url, 'SERVER')}` : state));
  const line = monitor.line();
  api = createApiClient(server.access);
  stop = new AbortController();
  clock = new HurriedClock();
  const ctx = { api, clock, random: new Random(1), signal: stop.signal };
  running = reflect(ctx, { ...resource, ...changes }, mirror, {
    onTry: () => line.trying(),
    onReached: () => line.open(),
    onMissed: (error) => line.missed(error),
    onRefused: ({ code, reason }) => mirror.say(`refused ${code} ${reason}`.trim()),
  });
  return mirror;
}

const pod = (name: string, resourceVersion: string, more: object = {}): KubeObject => ({
  metadata: { name, resourceVersion },
  ...more,
});
const list = (asked: Asked, revision: string, names: readonly string[], next?: string): void =>
  answerJson(asked, 200, {
    metadata: { resourceVersion: revision, ...(next ? { continue: next } : {}) },
    items: names.map((name) => pod(name, revision)),
  });
const event = ({ response }: Asked, type: string, object: unknown): void =>
  void response.write(`${JSON.stringify({ type, object })}\n`);
const watches = (): string[] =>
  server.asked.filter(({ query }) => query.has('watch')).map(({ query }) => query.get('resourceVersion') ?? '');

describe('a collection is kept', () => {
  it('by a list in pages, then by what is watched from its revision', async () => {
    const mirror = begin(
      (asked, isWatch) => {
        if (!isWatch) return asked.query.has('continue') ? list(asked, '7', ['c']) : list(asked, '7', ['a', 'b'], 'more&');
        event(asked, 'ADDED', pod('d', '8'));
        event(asked, 'DELETED', pod('a', '9'));
        event(asked, 'BOOKMARK', pod('', '10'));
        event(asked, 'MODIFIED', pod('b', '11', { status: 1 }));
      },
      { pageSize: 2, keep: (object) => ({ ...object, metadata: { ...object.metadata, uid: 'kept' } }) },
    );
    await mirror.until('set b');
    expect(mirror.said).toEqual(['list a b c', 'live', 'set d', 'remove a', 'set b']);
    expect(server.asked.map(({ query }) => query.get('continue'))).toEqual([null, 'more&', null]);
    expect(mirror.held.get('c')).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'c', resourceVersion: '7', uid: 'kept' },
    });
    const { query } = server.asked.at(-1) as Asked;
    expect([query.get('allowWatchBookmarks'), query.get('resourceVersion')]).toEqual(['true', '7']);
    expect(Number(query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
  });

  it('over watches that the server ends, from where they were', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) return list(asked, '1', []);
      event(asked, 'BOOKMARK', pod('', String(count * 10)));
      if (count < 3) asked.response.end();
      else event(asked, 'ADDED', pod('last', '99'));
    });
    await mirror.until('set last');
    expect([watches(), mirror.said]).toEqual([
      ['1', '10', '20'],
      ['list', 'live', 'set last'],
    ]);
    // They brought something, so nothing had to be waited for.
    expect(clock.waits).toEqual([]);
  });

  it('by another list when a watch ended without a word, but not without a pause', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) return list(asked, String(count), [`at-${count}`]);
      if (count < 4) asked.response.end();
    });
    await mirror.until('list at-4');
    expect(clock.waits.length).toBe(3);
    expect(clock.waits.every((ms, i) => ms >= 50 * 2 ** i && ms <= 100 * 2 ** i)).toBe(true);
  });
});

describe('a revision that the server has forgotten', () => {
  it.each<[string, (asked: Asked) => void]>([
    [
      'as an event',
      (asked) => event(asked, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }),
    ],
    ['as the answer', (asked) => answerStatus(asked, 410, 'Expired', 'too old resource version')],
  ])('%s: another list, and nobody is told', async (_, forget) => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) list(asked, String(count), [`at-${count}`]);
      else if (count === 1) forget(asked);
    });
    await mirror.until('list at-2');
    await server.next(({ query }) => query.get('resourceVersion') === '2');
    expect(mirror.said).toEqual(['list at-1', 'live', 'list at-2']);
  });

  it('in the middle of a list: the list begins again in one piece', async () => {
    const mirror = begin((asked, isWatch) => {
      if (isWatch) return;
      if (asked.query.has('continue')) answerStatus(asked, 410, 'Expired', 'continue token too old');
      else if (asked.query.has('limit')) list(asked, '1', ['a'], 'next');
      else list(asked, '2', ['a', 'b']);
    });
    await mirror.until('list a b');
    expect(mirror.said[0]).toBe('list a b');
  });
});

describe('a connection', () => {
  it('that breaks in the middle of a line goes on from the last whole one, and nobody is told', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) return list(asked, '1', ['a']);
      if (count > 1) return event(asked, 'ADDED', pod('c', '3'));
      event(asked, 'ADDED', pod('b', '2'));
      asked.response.write('{"type":"ADDED","object":{"metadata":{"name":"ha', () => asked.response.destroy());
    });
    await mirror.until('set c');
    expect([watches(), mirror.said]).toEqual([
      ['1', '2'],
      ['list a', 'live', 'set b', 'set c'],
    ]);
  });

  it('that is lost is said once, however often it is tried, and its return once', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) return list(asked, '1', ['a']);
      event(asked, 'ADDED', pod(`b${count}`, String(count + 1)));
    });
    await mirror.until('set b1');
    await server.stop();
    await mirror.until('lost: Nothing answers at SERVER.');
    while (clock.waits.length < 12) await new Promise(setImmediate);
    await server.start();
    await mirror.until('set b2');
    expect(mirror.said).toEqual(['list a', 'live', 'set b1', 'lost: Nothing answers at SERVER.', 'live', 'set b2']);
    // Longer each time up to a bound, and not by the same steps as others.
    const [first = 0] = clock.waits;
    expect(first >= 50 && first <= 100).toBe(true);
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(3_000);
    expect(clock.waits[10]).toBeGreaterThanOrEqual(1_500);
    expect(new Set(clock.waits).size).toBe(clock.waits.length);
  });

  it('to something that is no API: told of, tried again from a list', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (!isWatch) return list(asked, String(count), [`at-${count}`]);
      event(asked, 'ADDED', pod('b', '5'));
      if (count === 1) asked.response.write('<html>\n');
    });
    await mirror.until('live', 2);
    expect(mirror.said.slice(2)).toEqual(['set b', 'lost: What answers at SERVER is no Kubernetes API.', 'list at-2', 'live']);
  });
});

describe('a refusal', () => {
  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [500, 'InternalError'],
  ])('with %i is told, and tried again ever more seldom', async (code, reason) => {
    const mirror = begin((asked, isWatch, count) => {
      if (isWatch) return;
      if (count < 4) answerStatus(asked, code, reason, 'no');
      else list(asked, '1', ['a']);
    });
    await mirror.until('live');
    expect(mirror.said).toEqual([...Array<string>(3).fill(`refused ${code} ${reason}`), 'list a', 'live']);
    expect(clock.waits.map((ms, i) => ms >= 1_000 * 2 ** i && ms <= 2_000 * 2 ** i)).toEqual([true, true, true]);
  });

  it('that says when to come back is believed', async () => {
    const mirror = begin((asked, isWatch, count) => {
      if (isWatch) return;
      if (count > 1) return list(asked, '1', ['a']);
      answerJson(asked, 429, { kind: 'Status', reason: 'TooManyRequests', message: 'slow', details: { retryAfterSeconds: 45 } });
    });
    await mirror.until('list a');
    expect(clock.waits).toEqual([45_000]);
  });
});

it('ends when it is aborted, whatever it waits for', async () => {
  begin(() => undefined);
  await server.next(() => true);
  stop.abort();
  await running;
  expect(server.asked.length).toBe(1);
});
