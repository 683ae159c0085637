/** Kubernetes' own test image: a bag of small servers. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { ConnectionError } from '../../../network/network.ts';
import { alpineLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { dialName } from '../net/dial.ts';
import { HttpProtocolError, readBody, requestOver } from '../net/httpClient.ts';
import { type HttpExchange, serveHttp } from '../net/httpService.ts';
import { dateParts } from '../net/clusterDate.ts';
import { staticFile } from '../net/staticFiles.ts';
import { BufferSink, emptySource } from '../process/byteStream.ts';
import { findExecutable } from '../process/executables.ts';
import type { Process, Program } from '../process/process.ts';

function flag(process: Process, name: string, otherwise: string): string {
  const { args } = process;
  const at = args.findIndex((arg) => arg === `--${name}` || arg === `-${name}`);
  return (
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? (at < 0 ? otherwise : (args[at + 1] ?? otherwise))
  );
}

function log(process: Process, text: string): void {
  const { year, month, day, time } = dateParts(process.container.clock.now());
  void process.error(`${year}/${month}/${day} ${time} ${text}\n`);
}

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

async function untilStopped(process: Process): Promise<number> {
  const signal = await process.untilSignal('TERM', 'INT');
  return signal === 'TERM' ? 143 : 130;
}

async function runShell(process: Process, command: string): Promise<{ output: string; error: string }> {
  const output = new BufferSink();
  const executable = await findExecutable(process.container, 'sh', { cwd: '/', path: process.env.get('PATH') ?? '' });
  const child = process.container.spawn({
    argv: ['/bin/sh', '-c', command],
    env: process.env,
    cwd: '/',
    stdin: emptySource,
    stdout: output,
    stderr: output,
    parent: process,
  });
  child.run(executable.program);
  const { code } = await child.wait();
  return { output: output.text(), error: code === 0 ? '' : `exit status ${code}` };
}

async function dialOut(process: Process, query: URLSearchParams): Promise<object> {
  const [host = '', port = '80', request = 'hostname'] = ['host', 'port', 'request'].map((name) => query.get(name) ?? undefined);
  try {
    const socket = await dialName(process, host, Number(port), 5000);
    const answer = await requestOver(socket, {
      method: 'GET',
      path: `/${request}`,
      headers: [
        ['Host', `${host}:${port}`],
        ['Connection', 'close'],
      ],
    });
    return { responses: [(await readBody(answer)).toString()] };
  } catch (error) {
    if (!(error instanceof ConnectionError) && !(error instanceof HttpProtocolError)) throw error;
    return { errors: [error.message] };
  }
}

async function answerNetexec(
  process: Process,
  exchange: HttpExchange,
  exitLater: (code: number, ms: number) => void,
): Promise<void> {
  const url = new URL(exchange.request.url ?? '/', 'http://netexec');
  const query = url.searchParams;
  const { pod } = process.container.spec;
  const say = (text: string, status = 200): void => exchange.send(status, plain, text);
  log(process, `GET ${url.pathname}`);
  switch (url.pathname) {
    case '/':
      return say(`NOW: ${new Date(process.container.clock.now()).toISOString()}`);
    case '/hostname':
    case '/hostName':
      return say(pod.hostname);
    case '/clientip':
      return say(`${exchange.from}:${40000 + (exchange.from.length % 100)}`);
    case '/echo':
      return say(query.get('msg') ?? '', Number(query.get('code') ?? 200));
    case '/header':
      return say(String(exchange.request.headers[(query.get('key') ?? '').toLowerCase()] ?? ''));
    case '/healthz':
    case '/readyz':
      return say('');
    case '/shell':
    case '/shutdown':
      if (url.pathname === '/shutdown') return process.exit(0);
      return say(JSON.stringify(await runShell(process, query.get('cmd') ?? query.get('shellCommand') ?? '')));
    case '/dial':
      return say(JSON.stringify(await dialOut(process, query)));
    case '/redirect':
      return exchange.send(Number(query.get('code') ?? 302), { Location: query.get('location') ?? '/' }, '');
    case '/exit': {
      const seconds = Number(/^(\d+)s?$/.exec(query.get('wait') ?? query.get('timeout') ?? '')?.[1] ?? 0);
      say(`Received exit request, code: ${query.get('code') ?? 0}`);
      return exitLater(Number(query.get('code') ?? 0), seconds * 1000);
    }
    default:
      return say('404 page not found\n', 404);
  }
}

const netexec: Program = async (process) => {
  const port = Number(flag(process, 'http-port', '8080'));
  const exitLater = (code: number, ms: number): void => {
    void process.sleep(ms).then(() => process.exit(code));
  };
  serveHttp(process, port, (exchange) => answerNetexec(process, exchange, exitLater));
  log(process, `Started HTTP server on port ${port}`);
  const delay = Number(flag(process, 'delay-shutdown', '0'));
  const code = await untilStopped(process);
  if (delay > 0) await process.sleep(delay * 1000);
  return delay > 0 ? 0 : code;
};

const serveHostname: Program = async (process) => {
  const port = Number(flag(process, 'port', '9376'));
  serveHttp(process, port, (exchange) => exchange.send(200, plain, process.container.spec.pod.hostname));
  log(process, `Serving hostname on port ${port}`);
  return untilStopped(process);
};

/** Healthy for ten seconds, then not: for liveness probes. */
const liveness: Program = async (process) => {
  serveHttp(process, 8080, (exchange) => {
    const seconds = (process.container.clock.now() - process.startedAt) / 1000;
    const failing = exchange.request.url === '/healthz' && seconds > 10;
    exchange.send(
      failing ? 500 : 200,
      plain,
      failing ? `error: ${seconds}` : exchange.request.url === '/healthz' ? 'ok' : new Date(process.startedAt).toISOString(),
    );
  });
  return untilStopped(process);
};

const testWebserver: Program = async (process) => {
  serveHttp(process, Number(flag(process, 'port', '80')), (exchange) => {
    const found = staticFile(process.container, '/', (exchange.request.url ?? '/').split('?')[0] ?? '/', ['index.html']);
    if (found.kind === 'file') exchange.send(200, { 'Content-Type': found.type }, found.bytes);
    else exchange.send(404, plain, '404 page not found\n');
  });
  return untilStopped(process);
};

const connect: Program = async (process) => {
  const target = process.args.find((arg) => !arg.startsWith('-')) ?? '';
  const [host = '', port = '80'] = target.split(':');
  const seconds = Number(/^(\d+)/.exec(flag(process, 'timeout', '10s'))?.[1] ?? 10);
  try {
    (await dialName(process, host, Number(port), seconds * 1000)).destroy();
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    await process.error(
      `${{ ECONNREFUSED: 'REFUSED', ETIMEDOUT: 'TIMEOUT', ENOTFOUND: 'DNS', EHOSTUNREACH: 'OTHER' }[error.code]}\n`,
    );
    return 1;
  }
};

const pause: Program = async (process) => {
  await process.out('Paused\n');
  const signal = await process.untilSignal('TERM', 'INT');
  return signal === 'TERM' ? 0 : 130;
};

const subcommands: ReadonlyMap<string, Program> = new Map([
  ['connect', connect],
  ['liveness', liveness],
  ['netexec', netexec],
  ['pause', pause],
  ['serve-hostname', serveHostname],
  ['test-webserver', testWebserver],
]);

const agnhost: Program = async (process) => {
  const [name = 'pause', ...rest] = process.args;
  if (name === '--version') {
    await process.out('agnhost version 2.56.0\n');
    return 0;
  }
  const program = subcommands.get(name);
  if (!program) {
    await process.error(
      `Error: unknown command "${name}" for "app"; simulated containers know ${[...subcommands.keys()].join(', ')}\n`,
    );
    return 1;
  }
  return process.become(program, { argv: [name, ...rest] });
};

export const agnhostImage: ImageDefinition = {
  ...simulated(imageDescriptions.agnhost),
  build: () => ({
    layers: [alpineLayer, layer('agnhost', 50)],
    entrypoint: ['/agnhost'],
    cmd: ['pause'],
    userland: 'alpine',
    tools: ['curl'],
    programs: { '/agnhost': agnhost },
    usage: { cpuMillicores: 1, memoryMebibytes: 10 },
  }),
};
