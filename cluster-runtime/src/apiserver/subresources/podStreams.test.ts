import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { NodeStreams } from '../../containers/containerRuntime.ts';
import { TestServer } from '../testing/testServer.ts';

const streams: Partial<NodeStreams> = {
  async exec(_pod, _container, [program = '', ...args], io) {
    if (program === 'echo') io.stdout.write(`${args.join(' ')}\n`);
    else if (program === 'cat' && io.stdin) for await (const chunk of io.stdin) io.stdout.write(chunk);
    else if (program === 'fail') io.stderr.write('oops\n');
    else throw new Error(`exec: "${program}": executable file not found in $PATH`);
    return program === 'fail' ? 42 : 0;
  },
  async *log(_pod, options) {
    yield `container ${options.container}\n`;
    yield `last ${options.tailLines ?? 'all'}\n`;
  },
};
const server = new TestServer(streams);
const pods = '/api/v1/namespaces/ns/pods';
const pod = (name: string, nodeName: string | undefined, containers: string[], init: string[] = []): object => ({
  metadata: { name },
  spec: {
    nodeName,
    containers: containers.map((c) => ({ name: c, image: 'i' })),
    initContainers: init.map((c) => ({ name: c, image: 'i' })),
  },
});

beforeAll(async () => {
  await server.listen();
  await server.call('POST', pods, { body: pod('one', 'n', ['c']) });
  await server.call('POST', pods, { body: pod('two', 'n', ['c', 'd'], ['i']) });
  await server.call('POST', pods, { body: pod('nowhere', undefined, ['c']) });
});
afterAll(() => server.close());

interface Result {
  stdout: string;
  stderr: string;
  status: { status: string; message?: string; reason?: string; details?: { causes: object[] } };
}

/** Runs a command as kubectl does from 1.30 on. */
function exec(query: string, stdin?: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const url = `wss://127.0.0.1:${server.port}${pods}/one/exec?${query}`;
    const socket = new WebSocket(url, ['v5.channel.k8s.io'], {
      ca: server.certificates.ca.cert,
      headers: { authorization: 'Bearer admin-token' },
    });
    const channels = ['', '', '', ''];
    socket.on('open', () => {
      if (stdin === undefined) return;
      socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(stdin)]));
      socket.send(Buffer.from([255, 0]));
    });
    socket.on('message', (data: Buffer) => {
      const channel = data[0] ?? 0;
      channels[channel] = (channels[channel] ?? '') + data.subarray(1).toString();
    });
    socket.on('close', () =>
      resolve({
        stdout: channels[1] ?? '',
        stderr: channels[2] ?? '',
        status: JSON.parse(channels[3] || '{}') as Result['status'],
      }),
    );
    socket.on('error', reject);
  });
}

describe('exec', () => {
  it('returns output and success', async () => {
    expect(await exec('command=echo&command=a&command=b&stdout=true')).toEqual({
      stdout: 'a b\n',
      stderr: '',
      status: { metadata: {}, status: 'Success' },
    });
  });

  it('passes input on until the client closes it', async () => {
    expect((await exec('command=cat&stdin=true&stdout=true', 'hello')).stdout).toBe('hello');
  });

  it('reports the exit code in the way that makes kubectl end with it', async () => {
    const { stderr, status } = await exec('command=fail&stdout=true&stderr=true');
    expect(stderr).toBe('oops\n');
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '42' }] },
    });
  });

  it('reports commands that do not exist', async () => {
    expect((await exec('command=nope&stdout=true')).status.message).toBe(
      'Internal error occurred: exec: "nope": executable file not found in $PATH',
    );
  });

  // Answers of Kubernetes 1.36.3.
  const refused: [string, number, string][] = [
    ['missing/exec?command=ls&stdout=true', 404, 'pods "missing" not found'],
    ['nowhere/exec?command=ls&stdout=true', 400, 'pod nowhere does not have a host assigned'],
    ['two/exec?command=ls', 400, 'a container name must be specified for pod two, choose one of: [i c d]'],
    ['two/exec?command=ls&container=zz', 400, 'container zz is not valid for pod two'],
    ['one/exec?command=ls&stdout=true', 400, 'Upgrade request required'],
    ['nowhere/portforward', 400, 'pod nowhere does not have a host assigned'],
  ];
  it.each(refused)('POST %s', async (path, code, message) => {
    const answer = await server.call('POST', `${pods}/${path}`);
    expect([answer.status, answer.json()['message']]).toEqual([code, message]);
  });
});

describe('log', () => {
  it('streams text', async () => {
    const answer = await server.call('GET', `${pods}/two/log?container=d&tailLines=5`);
    expect([answer.headers['content-type'], answer.text]).toEqual(['text/plain', 'container d\nlast 5\n']);
  });

  it('is empty before the pod has a node', async () => {
    expect((await server.call('GET', `${pods}/nowhere/log`)).status).toBe(204);
  });

  const refused: [string, string][] = [
    ['tailLines=-1', 'PodLogOptions "one" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 'PodLogOptions "one" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    [
      'sinceSeconds=5&sinceTime=2020-01-01T00:00:00Z',
      'PodLogOptions "one" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    ['stream=Stdout', 'PodLogOptions "one" is invalid: stream: Forbidden: may not be specified'],
    ['sinceTime=abc', 'parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc" as "2006"'],
    ['container=zz', 'container zz is not valid for pod one'],
  ];
  it.each(refused)('refuses %s', async (query, message) => {
    expect((await server.call('GET', `${pods}/one/log?${query}`)).json()['message']).toBe(message);
  });
});
