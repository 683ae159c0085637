/** Machines from the command line: added, joined with a token, switched off and on, drained. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectls } from '../kubectl/kubectls.ts';
import { Desk } from './desk.ts';

const desk = new Desk();
const hasKubectl = (await findKubectls()).length > 0;
beforeAll(async () => {
  await desk.start('--nodes', '2', '--zones', 'a,b', '--node-cpu', '4', '--node-memory', '8Gi', '--latency', 'none');
}, 60_000); // prettier-ignore
afterAll(async () => {
  expect(await desk.clear()).toEqual([]);
});

const rows = async (): Promise<string[]> =>
  (await desk.ok('node', 'list'))
    .trim()
    .split('\n')
    .map((row) => row.replace(/ +/g, ' ').trim());

describe('node', () => {
  it('start gives a new cluster its zones and room', async () => {
    expect(await rows()).toEqual(['NAME STATUS CPU MEMORY ZONE', 'node-1 Ready 4 8Gi a', 'node-2 Ready 4 8Gi b']);
  });

  it('add says what a machine is', async () => {
    const shape = ['--cpu', '2', '--memory', '4Gi', '--zone', 'c', '--label', 'disk=ssd', '--label', 'gpu=', '--taint', 'gpu=yes:NoSchedule'];
    expect(await desk.ok('node', 'add', 'big', ...shape)).toBe('node/big is ready\n');
    expect(await rows()).toContain('big Ready 2 4Gi c');
    expect(await desk.run(['node', 'add', '--cpu', 'much'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Give an amount') as string });
    expect(await desk.run(['node', 'add', '--taint', 'gpu'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Give a taint') as string });
    if (!hasKubectl) return;
    const node = JSON.parse(await desk.ok('kubectl', 'get', 'node/big', '-o', 'json')) as { metadata: { labels: object }; spec: object };
    expect(node).toMatchObject({
      metadata: { labels: { disk: 'ssd', gpu: '', 'topology.kubernetes.io/zone': 'c' } },
      spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] },
    });
  }); // prettier-ignore

  it('stop and start switch a machine off and on', async () => {
    expect(await desk.ok('node', 'stop', 'node-2', '--graceful')).toMatch(/^node\/node-2 is off/);
    expect((await rows()).find((row) => row.startsWith('node-2'))).toMatch(/^node-2 NotReady,Off /);
    expect(await desk.ok('node', 'start', 'node-2')).toBe('node/node-2 is ready\n');
    expect((await rows()).find((row) => row.startsWith('node-2'))).toMatch(/^node-2 Ready /);
    expect(await desk.run(['node', 'stop', 'none'])).toMatchObject({ code: 1, stderr: 'There is no node none; "kube-playground node list" shows those there are.\n' });
  }); // prettier-ignore

  it('drain empties a node', async () => {
    expect(await desk.ok('node', 'drain', 'node-1', '--timeout', '10')).toMatch(/node\/node-1 is drained/);
    expect((await rows()).find((row) => row.startsWith('node-1'))).toMatch(/SchedulingDisabled/);
  });

  it('join takes a token and the hash of the CA, and nothing else', async () => {
    const line = (await desk.ok('token', 'create', '--ttl', '1h')).trim();
    const join = line.split(' ').slice(1);
    expect(join).toEqual(['node', 'join', expect.stringMatching(/^127\.0\.0\.1:\d+$/), '--token', expect.stringMatching(/^[a-z0-9]{6}\.[a-z0-9]{16}$/), '--discovery-token-ca-cert-hash', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    expect(await desk.ok(...join, '--name', 'joined', '--zone', 'z')).toMatch(/node\/joined has joined and is ready\n$/);
    expect(await rows()).toContain('joined Ready 8 16Gi z');
    if (hasKubectl) expect(await desk.ok('kubectl', 'get', 'csr', '--no-headers')).toMatch(/ system:bootstrap:\w{6} +<none> +Approved,Issued\n$/);

    expect(await desk.run([...join, '--name', 'joined'])).toMatchObject({ code: 1, stderr: expect.stringContaining('There is a node joined already') as string });
    const otherCa = [...join.slice(0, -1), `sha256:${'0'.repeat(64)}`];
    expect(await desk.run(otherCa)).toMatchObject({ code: 1, stderr: expect.stringContaining('this is another cluster') as string });
    const otherSecret = join.map((word) => (word.includes('.') && !word.includes(':') ? `${word.slice(0, 6)}.${'0'.repeat(16)}` : word));
    expect(await desk.run(otherSecret)).toMatchObject({ code: 1, stderr: expect.stringContaining('not signed with this token') as string });
    const unknown = join.map((word) => (word.includes('.') && !word.includes(':') ? `zzzzzz.${'0'.repeat(16)}` : word));
    expect(await desk.run(unknown)).toMatchObject({ code: 1, stderr: expect.stringContaining('knows no token zzzzzz') as string });
  }); // prettier-ignore
});
