import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogOptions } from '../../containers/containerRuntime.ts';
import { KubeletFixture } from '../testing/kubeletFixture.ts';

let fixture: KubeletFixture;
afterEach(() => fixture.close());
const begin = (): KubeletFixture => (fixture = new KubeletFixture());

const key = { namespace: 'default', name: 'web' };
const app = { name: 'app', image: 'nginx' };
const io = {
  stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
  stderr: new Writable(),
  tty: false,
  signal: new AbortController().signal,
};

async function logs(f: KubeletFixture, options: Partial<LogOptions> = {}): Promise<string> {
  let out = '';
  for await (const chunk of f.streams.log(key, { container: 'app', ...options }, new AbortController().signal)) out += chunk;
  return out;
}

describe('logs', () => {
  it.each<[string, Partial<LogOptions>, string]>([
    ['all', {}, 'one\ntwo\nthree\n'],
    ['the last lines', { tailLines: 2 }, 'two\nthree\n'],
    ['none', { tailLines: 0 }, ''],
    ['those since a while ago', { sinceSeconds: 15 }, 'two\nthree\n'],
    ['those since a time', { sinceTime: '2026-01-01T00:00:20Z' }, 'three\n'],
    ['so many bytes', { limitBytes: 5 }, 'one\nt'],
    ['with times', { tailLines: 1, timestamps: true }, '2026-01-01T00:00:20.000000000Z three\n'],
  ])('give %s', async (_what, options, expected) => {
    const f = begin();
    await f.createPod({ containers: [app] });
    const { log } = f.runtime.container('app');
    for (const line of ['one', 'two', 'three']) {
      log.add(line);
      if (line !== 'three') await f.advance(10_000);
    }
    expect(await logs(f, options)).toBe(expected);
  });

  it('are followed until the container ends', async () => {
    const f = begin();
    await f.createPod({ restartPolicy: 'Never', containers: [app] });
    f.runtime.container('app').log.add('one');
    const following = logs(f, { follow: true });
    await f.settle();
    f.runtime.container('app').log.add('two');
    await f.settle();
    f.runtime.container('app').exit(0);
    expect(await following).toBe('one\ntwo\n');
  });

  it('stop being followed when the client goes', async () => {
    const f = begin();
    await f.createPod({ containers: [app] });
    const abort = new AbortController();
    const following = f.streams.log(key, { container: 'app', follow: true }, abort.signal)[Symbol.asyncIterator]();
    const next = following.next();
    await f.settle();
    abort.abort();
    expect((await next).done).toBe(true);
  });

  it('tell the previous instance from the present one', async () => {
    const f = begin();
    await f.createPod({ containers: [app] });
    await expect(logs(f, { previous: true })).rejects.toMatchObject({
      code: 400,
      message: 'previous terminated container "app" in pod "web" not found',
    });
    f.runtime.container('app').log.add('first');
    f.runtime.container('app').exit(1);
    await f.settle();
    f.runtime.container('app').log.add('second');
    expect(await logs(f, { previous: true })).toBe('first\n');
    expect(await logs(f)).toBe('second\n');
    f.runtime.container('app').exit(1);
    await f.settle();
    expect(f.container('app').state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(await logs(f)).toBe('second\n');
    expect(await logs(f, { previous: true })).toBe('second\n');
  });

  it.each([
    [{ ...app, image: 'missing' }, 0, 'container "app" in pod "web" is waiting to start: image can\'t be pulled'],
    [{ ...app, image: 'missing' }, 2000, 'container "app" in pod "web" is waiting to start: trying and failing to pull image'],
    [
      { ...app, envFrom: [{ configMapRef: { name: 'no' } }] },
      0,
      'container "app" in pod "web" is waiting to start: CreateContainerConfigError',
    ],
  ])('say why there are none', async (container, ms, message) => {
    const f = begin();
    await f.createPod({ containers: [container] });
    await f.advance(ms);
    await expect(logs(f)).rejects.toMatchObject({ reason: 'BadRequest', message });
  });
});

describe('exec and port-forward', () => {
  it('run in the container', async () => {
    const f = begin();
    await f.createPod({ containers: [app] });
    f.runtime.container('app').execResult = { code: 42, output: '' };
    expect(await f.streams.exec(key, 'app', ['false'], io)).toBe(42);
  });

  it('say that there is no such container', async () => {
    const f = begin();
    await f.createPod({ containers: [{ ...app, image: 'missing' }] });
    await expect(f.streams.exec(key, 'app', ['x'], io)).rejects.toMatchObject({
      code: 500,
      message: 'container not found ("app")',
    });
  });

  it('reach a port of the pod', async () => {
    const f = begin();
    await f.createPod({ containers: [app] });
    expect(() => f.streams.portForward(key, 80)).toThrow('connect: connection refused');
    f.network.listen('10.244.0.2', 80, (socket) => socket.end('hello'));
    const answer = await new Promise((resolve) => f.streams.portForward(key, 80).once('data', (data) => resolve(String(data))));
    expect(answer).toBe('hello');
  });
});
