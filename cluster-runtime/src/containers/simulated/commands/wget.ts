/** `wget` as busybox has it: the usual options, its messages, exit 1 for every failure. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../../../network/network.ts';
import { dial, lookUp } from '../net/dial.ts';
import { bodyOf, HttpProtocolError, requestOver } from '../net/httpClient.ts';
import { secure, TlsError } from '../net/secure.ts';
import type { ByteSink } from '../process/byteStream.ts';
import { FileError } from '../files/fileError.ts';
import type { Process, Program } from '../process/process.ts';
import { openSink, standardStreams } from '../shell/streams.ts';
import { parseTarget, resolveTarget, type Target } from './url.ts';

interface WgetOptions {
  quiet: boolean;
  spider: boolean;
  showHead: boolean;
  output: string | undefined;
  timeoutMs: number;
  tries: number;
  headers: [string, string][];
  agent: string;
  post: string | undefined;
  url: string | undefined;
}

class WgetError extends Error {}

const mostRedirects = 5;

function parse(args: readonly string[]): WgetOptions {
  const options: WgetOptions = {
    quiet: false,
    spider: false,
    showHead: false,
    output: undefined,
    timeoutMs: 900_000,
    tries: 1,
    headers: [],
    agent: 'Wget',
    post: undefined,
    url: undefined,
  };
  const header = (text: string): void => {
    const at = text.indexOf(':');
    options.headers.push([text.slice(0, at).trim(), text.slice(at + 1).trim()]);
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const long = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg);
    if (long) {
      const [, name = '', given] = long;
      const value = (): string => given ?? args[++at] ?? '';
      if (name === 'spider') options.spider = true;
      else if (name === 'quiet') options.quiet = true;
      else if (name === 'server-response') options.showHead = true;
      else if (name === 'header') header(value());
      else if (name === 'post-data') options.post = value();
      else if (name === 'timeout') options.timeoutMs = Number(value()) * 1000;
      else if (name === 'tries') options.tries = Number(value());
      else if (name === 'user-agent') options.agent = value();
      else if (name === 'output-document') options.output = value();
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      options.url ??= arg;
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] as string;
      if (letter === 'q') options.quiet = true;
      else if (letter === 'S') options.showHead = true;
      if (!'OTtUYPo'.includes(letter)) continue;
      const value = arg.slice(i + 1) || (args[++at] ?? '');
      if (letter === 'O') options.output = value;
      else if (letter === 'T') options.timeoutMs = Number(value) * 1000;
      else if (letter === 't') options.tries = Number(value);
      else if (letter === 'U') options.agent = value;
      break;
    }
  }
  return options;
}

export const wget: Program = async (process) => {
  const options = parse(process.args);
  if (options.url === undefined) {
    await process.error(
      'BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n',
    );
    return 1;
  }
  try {
    const late = process.sleep(options.timeoutMs).then(() => 'late' as const);
    if ((await Promise.race([download(process, options, options.url), late])) === 'late')
      throw new WgetError('download timed out');
    return 0;
  } catch (error) {
    if (!(error instanceof WgetError)) throw error;
    await process.error(`wget: ${error.message}\n`);
    return 1;
  }
};

async function download(process: Process, options: WgetOptions, url: string): Promise<void> {
  let target = parseTarget(url);
  for (let redirects = 0; ; redirects++) {
    if (!target) throw new WgetError(`bad address '${url}'`);
    if (target.scheme !== 'http' && target.scheme !== 'https') throw new WgetError(`not an http or ftp url: ${url}`);
    const response: IncomingMessage = await request(process, options, target);
    if (options.showHead)
      await process.error(
        `  HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}\n${headLines(response)}`,
      );
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400 && response.headers.location !== undefined) {
      if (redirects >= mostRedirects) throw new WgetError('too many redirections');
      response.resume();
      target = resolveTarget(target, response.headers.location);
      continue;
    }
    if (status >= 400) {
      response.resume();
      throw new WgetError(`server returned error: HTTP/${response.httpVersion} ${status} ${response.statusMessage}`);
    }
    return save(process, options, target, response);
  }
}

async function request(process: Process, options: WgetOptions, target: Target): Promise<IncomingMessage> {
  const [address] = lookUp(process.container, target.host);
  if (address === undefined) throw new WgetError(`bad address '${target.hostHeader}'`);
  if (!options.quiet) await process.error(`Connecting to ${target.hostHeader} (${address}:${target.port})\n`);
  let socket;
  try {
    socket = await dial(process, address, target.port, options.timeoutMs);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    if (error.code === 'ETIMEDOUT') throw new WgetError('download timed out');
    throw new WgetError(
      `can't connect to remote host (${address}): ${error.code === 'EHOSTUNREACH' ? 'Host is unreachable' : 'Connection refused'}`,
    );
  }
  if (target.scheme === 'https') socket = await secured(process, options, target, socket);
  const body = options.post === undefined ? undefined : Buffer.from(options.post);
  const headers: [string, string][] = [
    ['Host', target.hostHeader],
    ['User-Agent', options.agent],
    ...(target.credentials === undefined
      ? []
      : [['Authorization', `Basic ${Buffer.from(target.credentials).toString('base64')}`] as [string, string]]),
    ...options.headers,
    ['Connection', 'close'],
    ...(body
      ? ([
          ['Content-Type', 'application/x-www-form-urlencoded'],
          ['Content-Length', String(body.length)],
        ] as [string, string][])
      : []),
  ];
  try {
    return await requestOver(socket, {
      method: options.spider ? 'HEAD' : body ? 'POST' : 'GET',
      path: target.path,
      headers,
      ...(body ? { body } : {}),
    });
  } catch (error) {
    if (!(error instanceof HttpProtocolError)) throw error;
    throw new WgetError('error getting response: Connection reset by peer');
  }
}

/** As busybox does it, which checks no certificates and says so. */
async function secured(process: Process, options: WgetOptions, target: Target, socket: Duplex): Promise<Duplex> {
  if (!options.quiet) await process.error('wget: note: TLS certificate validation not implemented\n');
  try {
    return await secure(socket, { host: target.host, ca: undefined, verify: false });
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    throw new WgetError('error getting response: Connection reset by peer');
  }
}

async function save(process: Process, options: WgetOptions, target: Target, response: IncomingMessage): Promise<void> {
  if (options.spider) {
    response.resume();
    if (!options.quiet) await process.error('remote file exists\n');
    return;
  }
  const name = options.output ?? /[^/?]+(?=\?|$)/.exec(target.path)?.[0] ?? 'index.html';
  const toStdout = name === '-';
  let sink: ByteSink = process.stdout;
  if (!toStdout) {
    try {
      if (options.output === undefined && process.container.files.exists(`${process.cwd}/${name}`))
        throw new FileError('EEXIST', name);
      sink = openSink(process, standardStreams(process.stdin, process.stdout, process.stderr), process.cwd, name, false);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new WgetError(`can't open '${name}': ${error.message}`);
    }
  }
  if (!options.quiet) await process.error(toStdout ? 'writing to stdout\n' : `saving to '${name}'\n`);
  let size = 0;
  for await (const chunk of bodyOf(process, response)) {
    size += chunk.length;
    await process.write(chunk, sink);
  }
  if (!options.quiet) {
    await process.error(
      `${name.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(size).padStart(5)}  0:00:00 ETA\n${toStdout ? 'written to stdout\n' : `'${name}' saved\n`}`,
    );
  }
}

function headLines(response: IncomingMessage): string {
  let text = '';
  for (let i = 0; i < response.rawHeaders.length; i += 2) text += `  ${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}\n`;
  return `${text}  \n`;
}
