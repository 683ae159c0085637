/** Answers every request with what it received, in the words of the 1.4 image that Kubernetes' tutorials use. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { type HttpExchange, serveHttp } from '../net/httpService.ts';
import type { Program } from '../process/process.ts';

const port = 8080;

function headerLines(exchange: HttpExchange, format: (name: string, value: string) => string): string {
  const { rawHeaders } = exchange.request;
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? '']);
  return headers
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => format(name, value))
    .join('');
}

/** 1.4: nginx with a few lines of Lua. */
async function answerOld(exchange: HttpExchange): Promise<string> {
  const { request } = exchange;
  const body = (await exchange.body()).toString();
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
  return [
    'CLIENT VALUES:',
    `client_address=${exchange.from}`,
    `command=${request.method}`,
    `real path=${request.url}`,
    `query=${request.url?.split('?')[1] ?? 'nil'}`,
    `request_version=${request.httpVersion}`,
    `request_uri=http://${host}:${port}${request.url}`,
    '',
    'SERVER VALUES:',
    'server_version=nginx: 1.10.0 - lua: 10001',
    '',
    'HEADERS RECEIVED:',
    headerLines(exchange, (name, value) => `${name}=${value}\n`) + 'BODY:',
    body === '' ? '-no body in request-' : body,
  ].join('\n');
}

/** 1.5 and later also tell which pod answered. */
async function answerNew(exchange: HttpExchange, process: Parameters<Program>[0]): Promise<string> {
  const { request } = exchange;
  const { pod } = process.container.spec;
  const body = (await exchange.body()).toString();
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
  return [
    '',
    '',
    `Hostname: ${pod.hostname}`,
    '',
    'Pod Information:',
    ...podLines(process.env),
    '',
    'Server values:',
    '\tserver_version=nginx: 1.14.2 - lua: 10015',
    '',
    'Request Information:',
    `\tclient_address=${exchange.from}`,
    `\tmethod=${request.method}`,
    `\treal path=${request.url}`,
    `\tquery=${request.url?.split('?')[1] ?? ''}`,
    `\trequest_version=${request.httpVersion}`,
    `\trequest_scheme=http`,
    `\trequest_uri=http://${host}:${port}${request.url}`,
    '',
    'Request Headers:',
    headerLines(exchange, (name, value) => `\t${name}=${value}  \n`),
    'Request Body:',
    body === '' ? '\t-no body in request-' : `\t${body}`,
    '',
    '',
  ].join('\n');
}

function podLines(env: ReadonlyMap<string, string>): string[] {
  const known = [
    ['NODE_NAME', 'node name'],
    ['POD_NAME', 'pod name'],
    ['POD_NAMESPACE', 'pod namespace'],
    ['POD_IP', 'pod IP'],
  ] as const;
  const lines = known.filter(([name]) => env.has(name)).map(([name, label]) => `\t${label}:\t${env.get(name)}`);
  return lines.length > 0 ? lines : ['\t-no pod information available-'];
}

function server(tag: string): Program {
  const version = Number(/^1\.(\d+)/.exec(tag)?.[1] ?? 10);
  return async (process) => {
    serveHttp(process, port, async (exchange) => {
      const body = version <= 4 ? await answerOld(exchange) : await answerNew(exchange, process);
      const headers = { 'Content-Type': 'text/plain', Server: version <= 4 ? 'nginx/1.10.0' : 'echoserver' };
      exchange.send(200, { ...headers, Connection: 'keep-alive' }, body);
      const at = new Date(process.container.clock.now()).toISOString();
      const agent = exchange.request.headers['user-agent'] ?? '-';
      const log = `${exchange.from} - - [${at.slice(0, 19)}+00:00] "${exchange.request.method} ${exchange.request.url} HTTP/${exchange.request.httpVersion}" 200 ${Buffer.byteLength(body)} "-" "${agent}"\n`;
      void process.out(log);
    });
    await process.untilSignal('TERM', 'QUIT', 'INT');
    return 0;
  };
}

export const echoserverImage: ImageDefinition = {
  ...simulated(imageDescriptions.echoserver),
  build: (tag) => ({
    layers: [debianLayer, layer(`echoserver:${tag}`, 18)],
    entrypoint: ['/usr/local/bin/run.sh'],
    exposedPorts: [port],
    userland: 'debian',
    tools: ['curl'],
    programs: { '/usr/local/bin/run.sh': server(tag) },
    usage: { cpuMillicores: 1, memoryMebibytes: 8 },
  }),
};
