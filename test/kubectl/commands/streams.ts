/** What flows to and from containers: logs, exec, attach, run, debug, cp and port-forward. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { pod, shell, shellPod } from '../manifests.ts';
import { getThroughPortForward } from '../portForward.ts';

const hasTerminal = existsSync('/usr/bin/script');

export function streamCommands(kubectl: Kubectl): void {
  const namespace = `${kubectl.id}-streams`;
  const inside = kubectl.in(namespace);

  beforeAll(async () => {
    await kubectl.ok`create namespace ${namespace}`;
    const pods = [
      shellPod('talker', 'echo one; echo two; echo three; exec sleep 1000'),
      pod('pair', [shell('main', 'echo from main; exec sleep 1000'), shell('side', 'echo from side; exec sleep 1000')]),
      pod('echo', [shell('main', 'while read line; do echo "heard $line"; done', { stdin: true })]),
      pod('web', [{ name: 'nginx', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 80 }] }]),
    ];
    await inside.input(pods.join('\n')).ok`apply -f -`;
    await inside.ok`wait --for=condition=Ready pod --all --timeout=30s`;
  });

  it('logs: --tail, --since, --timestamps, --limit-bytes', async () => {
    expect(await inside.ok`logs talker`).toBe('one\ntwo\nthree\n');
    expect(await inside.ok`logs talker --tail=2`).toBe('two\nthree\n');
    expect(await inside.ok`logs talker --tail=0`).toBe('');
    expect(await inside.ok`logs talker --since=1h`).toBe('one\ntwo\nthree\n');
    expect(await inside.ok`logs talker --since-time=2999-01-01T00:00:00Z`).toBe('');
    expect(await inside.ok`logs talker --timestamps --tail=1`).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z three\n$/);
    expect(await inside.ok`logs talker --limit-bytes=5`).toBe('one\nt');
  });

  it('logs of several containers and pods', async () => {
    const { stdout, stderr } = await inside.run`logs pair`;
    expect(stdout).toBe('from main\n');
    expect(stderr).toBe('Defaulted container "main" out of: main, side\n');
    expect(await inside.ok`logs pair -c side`).toBe('from side\n');
    // kubectl takes containers in any order.
    const sorted = (text: string) => text.trim().split('\n').sort();
    expect(sorted(await inside.ok`logs pair --all-containers --prefix`)).toEqual([
      '[pod/pair/main] from main',
      '[pod/pair/side] from side',
    ]);
    expect(sorted(await inside.ok`logs -l ${'app in (talker, pair)'} --all-containers --tail=1`)).toEqual([
      'from main',
      'from side',
      'three',
    ]);
    expect(await inside.fails`logs pair -c nobody`).toMatch(/^error: container nobody is not valid for pod pair/);
    expect(await inside.fails`logs talker --previous`).toBe(
      'Error from server (BadRequest): previous terminated container "main" in pod "talker" not found\n',
    );
  });

  it('logs -f follows until the container ends', async () => {
    const counter = shell('main', 'echo start; read line; echo "got $line"', { stdin: true, stdinOnce: true });
    await inside.input(pod('counter', [counter], { restartPolicy: 'Never' })).ok`apply -f -`;
    await inside.ok`wait --for=condition=Ready pod/counter --timeout=30s`;
    const following = inside.start`logs -f counter`;
    await following.until(/^start\n/);
    const attached = inside.start`attach -i counter`;
    attached.write('word\n');
    expect(await following.ended).toMatchObject({ code: 0, stdout: 'start\ngot word\n' });
    expect((await attached.ended).stdout).toContain('got word\n');
    await inside.ok`wait --for=jsonpath={.status.phase}=Succeeded pod/counter --timeout=30s`;
  });

  it('exec: streams, exit codes and errors', async () => {
    expect(await inside.ok`exec talker -- echo ${'two words'}`).toBe('two words\n');
    expect(await inside.input('a\nb\n').ok`exec -i talker -- sh -c ${'while read x; do echo "<$x>"; done'}`).toBe('<a>\n<b>\n');
    expect(await inside.run`exec talker -- sh -c ${'exit 42'}`).toMatchObject({
      code: 42,
      stderr: 'command terminated with exit code 42\n',
    });
    expect(await inside.ok`exec pair -c side -- hostname`).toBe('pair\n');
    expect(await inside.fails`exec talker -- no-such-program`).toMatch(
      /exec: "no-such-program": executable file not found in \$PATH/,
    );
    expect(await inside.fails`exec nobody -- true`).toBe('Error from server (NotFound): pods "nobody" not found\n');
    const big = 'x'.repeat(300_000);
    expect(await inside.input(big).ok`exec -i talker -- cat`).toBe(big);
  });

  it.runIf(hasTerminal)('exec -it and run -it have a terminal', async () => {
    // kubectl over SPDY may complain afterwards that it could not pass on the end of its input.
    expect(await inside.inTerminal`exec -it talker -- sh -c ${'test -t 0 && test -t 1 && echo a terminal'}`).toMatch(
      /^a terminal\n/,
    );
    expect(await inside.input('echo typed $((40 + 2))\nexit\n').inTerminal`exec -it talker -- sh`).toContain('\ntyped 42\n');
    expect(
      await inside.inTerminal`run once -it --rm --restart=Never --image=busybox:1.36 -- sh -c ${'test -t 1 && echo a terminal'}`,
    ).toMatch(/a terminal\n(.*\n)*pod "once" deleted.*\n$/);
  });

  it('run -i --rm runs a command and cleans up', async () => {
    expect(await inside.input('from here\n').ok`run brief -i --rm --restart=Never --image=busybox:1.36 -- cat`).toMatch(
      /^(If you don't see a command prompt, try pressing enter\.\n)?from here\npod "brief" deleted.*\n$/,
    );
    expect(await inside.fails`get pod brief`).toBe('Error from server (NotFound): pods "brief" not found\n');
    expect(await inside.run`run brief -i --rm --restart=Never --image=busybox:1.36 -- sh -c ${'exit 3'}`).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^pod "brief" deleted.*\n$/) as string,
    });
  });

  it('attach speaks to what runs already', async () => {
    const attached = inside.start`attach -i echo`;
    attached.write('hello\n');
    await attached.until(/heard hello\n/);
    await attached.stop();
    expect(await inside.ok`logs echo`).toBe('heard hello\n');
  });

  it('debug adds an ephemeral container, or makes a copy', async () => {
    expect(await inside.ok`debug talker --image=busybox:1.36 -c tool -i -- sh -c ${'echo in $(hostname)'}`).toContain(
      'in talker\n',
    );
    expect(
      await inside.ok`get pod talker -o ${'jsonpath={.spec.ephemeralContainers[0].name} {.spec.ephemeralContainers[0].image}'}`,
    ).toBe('tool busybox:1.36');
    await inside.ok`wait --for=jsonpath=${'{.status.ephemeralContainerStatuses[0].state.terminated.reason}=Completed'} pod/talker --timeout=30s`;
    expect(await inside.ok`describe pod talker`).toMatch(/\nEphemeral Containers:\n {2}tool:\n/);
    await inside.ok`debug web --copy-to=web-copy --set-image=nginx=nginx:1.26`;
    expect(await inside.ok`wait --for=condition=Ready pod/web-copy --timeout=30s`).toBe('pod/web-copy condition met\n');
    expect(await inside.ok`get pod web-copy -o jsonpath={.spec.containers[0].image}`).toBe('nginx:1.26');
  });

  it('cp copies files and folders both ways', async () => {
    const source = inside.folder('cp', { 'a.txt': 'file a\n', 'b.txt': 'file b\n' });
    await inside.ok`cp ${path.join(source, 'a.txt')} talker:/tmp/copied.txt`;
    expect(await inside.ok`exec talker -- cat /tmp/copied.txt`).toBe('file a\n');
    await inside.ok`cp ${source} ${namespace}/talker:/tmp/folder -c main`;
    expect(await inside.ok`exec talker -- ls /tmp/folder`).toBe('a.txt\nb.txt\n');
    await inside.ok`exec talker -- sh -c ${'echo more >> /tmp/folder/b.txt'}`;
    const target = path.join(inside.folder('cp-back', {}), 'folder');
    await inside.ok`cp talker:/tmp/folder ${target}`;
    expect(readFileSync(path.join(target, 'b.txt'), 'utf8')).toBe('file b\nmore\n');
  });

  it('port-forward reaches pods and services, by number and name', async () => {
    await inside.ok`expose pod web --port=8080 --target-port=http`;
    await inside.ok`exec web -- sh -c ${'echo "<p>mine</p>" > /usr/share/nginx/html/mine.html'}`;
    expect(await getThroughPortForward(inside, 'pod/web', 80, '/mine.html')).toBe('<p>mine</p>\n');
    expect(await getThroughPortForward(inside, 'pod/web', 'http', '/mine.html')).toBe('<p>mine</p>\n');
    expect(await getThroughPortForward(inside, 'service/web', 8080, '/mine.html')).toBe('<p>mine</p>\n');
    const forward = inside.start`port-forward pod/web --address=127.0.0.1 :81`;
    const [, port] = await forward.until(/Forwarding from 127\.0\.0\.1:(\d+) -> 81\n/);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    expect((await forward.stop()).stderr).toContain('an error occurred forwarding');
  });
}
