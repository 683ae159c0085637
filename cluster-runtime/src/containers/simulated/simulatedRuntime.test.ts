import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { ContainerSpec } from '../containerRuntime.ts';
import { allImages } from './catalogue/allImages.ts';
import { logText, settle, TestBed } from './testing/testBed.ts';

/** Runs for ever without a timer. */
const sleeper = { command: ['tail', '-f', '/dev/null'] };

describe('starting', () => {
  test('takes a moment, or none', async () => {
    const typical = new TestBed('typical');
    const start = typical.runtime.start(typical.spec('nginx'));
    expect(typical.clock.pending).toBe(1);
    await typical.advance(1000);
    expect((await start).listensOn(80)).toBe(true);
    const none = new TestBed('none');
    expect((await none.start('nginx')).listensOn(80)).toBe(true);
  });

  const oci =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';
  test.each([
    [['nope'], `${oci}exec: "nope": executable file not found in $PATH`],
    [['/bin/nope'], `${oci}exec: "/bin/nope": stat /bin/nope: no such file or directory`],
    [['/etc/passwd'], `${oci}exec: "/etc/passwd": permission denied`],
  ])('fails for %j', async (command, message) => {
    await expect(new TestBed().start('busybox', { command })).rejects.toThrow(message);
  });

  test('of images without a shell has no shell', async () => {
    const bed = new TestBed();
    for (const image of ['registry.k8s.io/pause:3.10', 'gcr.io/google-samples/hello-app:1.0']) {
      const container = await bed.start(image);
      await expect(bed.exec(container, ['sh'])).rejects.toThrow(
        /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in \$PATH$/,
      );
    }
  });

  test('args alone keep the entry point; a command replaces entry point and arguments', async () => {
    const bed = new TestBed();
    expect(logText(await bed.start('busybox', { command: ['echo'], args: ['hi'] }))).toBe('hi\n');
    expect(logText(await bed.start('busybox', { args: ['echo', 'args'] }))).toBe('args\n');
    expect(logText(await bed.start('nginx', { args: ['echo', 'behind', 'the', 'entrypoint'] }))).toBe('behind the entrypoint\n');
    expect(await (await bed.start('redis', { args: ['nope'] })).exited).toMatchObject({ exitCode: 127 });
  });

  test('sets environment, working directory and host name', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', {
      command: ['sh', '-c', 'echo $GREETING $HOSTNAME $HOME; pwd; cat /etc/hostname'],
      env: { GREETING: 'hello', __proto__x: '1' },
      workingDir: '/tmp',
    });
    expect(logText(container)).toBe('hello pod-1 /root\n/tmp\npod-1\n');
  });
});

describe('ending', () => {
  test.each([
    [['sh', '-c', 'exit 0'], { exitCode: 0, reason: 'Completed' }],
    [['sh', '-c', 'exit 3'], { exitCode: 3, reason: 'Error' }],
    [['sh', '-c', 'nope'], { exitCode: 127, reason: 'Error' }],
    [['sh', '-c', 'kill -9 $$'], undefined],
    [['false'], { exitCode: 1, reason: 'Error' }],
  ])('%j', async (command, status) => {
    const bed = new TestBed();
    const container = await bed.start('busybox', { command });
    if (status) expect(await container.exited).toEqual(status);
  });

  test('a server stops at once when it is told to', async () => {
    const bed = new TestBed('typical');
    for (const image of [
      'nginx',
      'httpd',
      'redis',
      'mongo',
      'registry.k8s.io/pause:3.10',
      'registry.k8s.io/echoserver:1.4',
      'somebody/app',
    ]) {
      const container = await bed.finish(bed.start(image));
      const before = bed.clock.now();
      expect(await container.stop(30), image).toEqual({ exitCode: 0, reason: 'Completed' });
      expect(bed.clock.now()).toBe(before);
    }
  });

  test('a first process without a handler is killed after the grace period', async () => {
    const bed = new TestBed('typical');
    const container = await bed.finish(bed.start('busybox', sleeper));
    const stopped = container.stop(30);
    await bed.advance(29_000);
    expect(container.log.lines()).toEqual([]);
    const before = bed.clock.now();
    expect(await bed.finish(stopped)).toEqual({ exitCode: 137, reason: 'Error', signal: 9 });
    expect(bed.clock.now() - before).toBe(1000);
    expect(bed.clock.pending).toBe(0);
  });

  test('a trap decides for itself', async () => {
    const bed = new TestBed('typical');
    const script = 'trap "echo stopping; exit 0" TERM; while true; do sleep 1; done';
    const container = await bed.finish(bed.start('busybox', { command: ['sh', '-c', script] }));
    expect(await bed.finish(container.stop(30))).toEqual({ exitCode: 0, reason: 'Completed' });
    expect(logText(container)).toBe('stopping\n');
  });

  test('without latency nobody waits for the grace period', async () => {
    const bed = new TestBed('none');
    const container = await bed.start('busybox', sleeper);
    expect(await bed.finish(container.stop(30))).toMatchObject({ exitCode: 137 });
  });

  test('takes everything that runs inside along', async () => {
    const bed = new TestBed('typical');
    const container = await bed.finish(bed.start('nginx'));
    const exec = bed.exec(container, ['sleep', '100']);
    await settle();
    await container.stop(30);
    expect((await exec).code).toBe(137);
    await expect(bed.exec(container, ['true'])).rejects.toThrow('is not running');
    expect(bed.clock.pending).toBe(0);
    expect(container.listensOn(80)).toBe(false);
  });
});

test('a grace period of nothing kills at once', async () => {
  const bed = new TestBed('typical');
  const container = await bed.finish(bed.start('nginx'));
  expect(await container.stop(0)).toEqual({ exitCode: 137, reason: 'Error', signal: 9 });
});

test('a second stop may shorten the wait', async () => {
  const bed = new TestBed('typical');
  const container = await bed.finish(bed.start('busybox', sleeper));
  const first = container.stop(30);
  await bed.advance(1000);
  void container.stop(2);
  await bed.advance(2000);
  expect(await first).toMatchObject({ exitCode: 137 });
  expect(bed.clock.pending).toBe(0);
});

describe('the termination message', () => {
  test.each<[Partial<ContainerSpec>, string | undefined]>([
    [{ command: ['sh', '-c', 'echo why > /dev/termination-log; exit 1'] }, 'why\n'],
    [{ command: ['sh', '-c', 'echo other > /tmp/end; exit 1'], terminationMessagePath: '/tmp/end' }, 'other\n'],
    [{ command: ['sh', '-c', 'echo no > /tmp/end; exit 1'] }, undefined],
    [{ command: ['sh', '-c', 'yes > /dev/termination-log'] }, 'y\n'.repeat(2048)],
  ])('%j', async (spec, message) => {
    const bed = new TestBed();
    const container = await bed.start('busybox', spec);
    const exited = spec.command?.[2]?.startsWith('yes')
      ? bed.advance(1000).then(() => bed.finish(container.stop(1)))
      : container.exited;
    expect((await exited).message).toBe(message);
  });
});

describe('a loop', () => {
  test('runs by the clock', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', {
      command: ['sh', '-c', 'i=0; while true; do echo tick $i; i=$((i+1)); sleep 5; done'],
    });
    await bed.advance(11_000);
    expect(logText(container)).toBe('tick 0\ntick 1\ntick 2\n');
    expect(container.log.lines().map(({ time }) => time - Date.UTC(2026, 0, 1))).toEqual([0, 5000, 10_000]);
    expect(bed.clock.pending).toBe(1);
  });

  test('without a pause is rationed and can be killed', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', { command: ['sh', '-c', 'while true; do :; done'] });
    await bed.advance(1000);
    expect(container.usage().cpuNanoCores).toBeGreaterThan(900_000_000);
    expect(await bed.finish(container.stop(0))).toMatchObject({ exitCode: 137 });
  });

  test('that only prints keeps a bounded log', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', { command: ['yes', 'x'.repeat(1000)] });
    await bed.advance(2000);
    expect(container.log.lines().length).toBeLessThan(1100);
    await bed.finish(container.stop(0));
  });
});

describe('streams', () => {
  test('stdin reaches a container that asked for it, and ends with the first attach', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', { command: ['cat'], stdin: true, stdinOnce: true });
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const attached = container.attach({ stdin, stdout, stderr, tty: false, signal: bed.ctx.signal });
    stdin.end('through\n');
    await attached;
    expect(String(stdout.read())).toBe('through\n');
    expect(await container.exited).toMatchObject({ exitCode: 0 });
    expect(logText(container)).toBe('through\n');
  });

  test('detaching leaves the container running', async () => {
    const bed = new TestBed();
    const container = await bed.start('nginx');
    const abort = new AbortController();
    const attached = container.attach({ stdout: new PassThrough(), stderr: new PassThrough(), tty: false, signal: abort.signal });
    abort.abort();
    await attached;
    expect(container.listensOn(80)).toBe(true);
  });

  test('the log tells what has no newline, and its end', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', { command: ['sh', '-c', 'sleep 1; echo out; echo err >&2; printf rest'] });
    const seen: (string | undefined)[] = [];
    container.log.follow((line) => seen.push(line && `${line.stream}:${line.text}${line.partial ? '…' : ''}`));
    await bed.advance(1000);
    expect(seen).toEqual(['stdout:out', 'stderr:err', 'stdout:rest…', undefined]);
  });

  test('an aborted exec is killed', async () => {
    const bed = new TestBed();
    const container = await bed.start('busybox', sleeper);
    const abort = new AbortController();
    const exec = container.exec(['sh', '-c', 'sleep 1000; echo no'], {
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      tty: false,
      signal: abort.signal,
    });
    await settle();
    abort.abort();
    expect(await exec).toBe(137);
    expect((await bed.sh(container, 'pgrep sleep; echo $?')).stdout).toBe('1\n');
  });
});

describe('images without behaviour', () => {
  test('run, say so, and listen on their declared ports', async () => {
    const bed = new TestBed();
    const container = await bed.start('somebody/app:v1', {
      command: ['server', '--port', '8080'],
      ports: [
        { port: 8080, protocol: 'TCP' },
        { port: 53, protocol: 'UDP' },
      ],
    });
    expect(logText(container)).toBe(
      'kube-playground: image "somebody/app:v1" has no simulated behaviour; it runs, listens on its declared ports, and does nothing else\n',
    );
    expect([container.listensOn(8080), container.listensOn(53)]).toEqual([true, false]);
    expect((await bed.sh(container, 'wget -qO- localhost:8080')).stdout).toBe(
      'pod-1: image "somebody/app:v1" has no simulated behaviour\n',
    );
  });

  test('complete at once where a Job waits for them', async () => {
    const container = await new TestBed().start('registry.example/app:1', { runsToCompletion: true, command: ['true'] });
    expect(await container.exited).toEqual({ exitCode: 0, reason: 'Completed' });
  });
});

test('every image says in one line what it does, and no name is taken twice', () => {
  const names = allImages.flatMap((image) => image.repositories);
  expect(new Set(names).size).toBe(names.length);
  for (const { about } of allImages) expect(about).toMatch(/^[^\n]{10,120}$/);
});

test('a thousand quiet servers are cheap and leave no timers', async () => {
  const bed = new TestBed();
  for (let i = 0; i < 1000; i++) {
    const spec = bed.spec('nginx');
    await bed.runtime.start({ ...spec, pod: { ...spec.pod, ip: `10.${i >> 8}.${i & 255}.1` } });
  }
  expect(bed.clock.pending).toBe(0);
  expect(bed.records).toEqual([]);
});
