/** `redis-cli`: one command, commands on standard input, or a prompt. */
import { ConnectionError } from '../../../../network/network.ts';
import { readTextLine } from '../../process/lines.ts';
import type { Process, Program } from '../../process/process.ts';
import { RedisClient, RedisConnectionLost } from './client.ts';
import type { Value } from './resp.ts';

interface CliOptions {
  host: string;
  port: number;
  password: string | undefined;
  raw: boolean;
  command: string[];
}

function parse(process: Process): CliOptions {
  const options: CliOptions = {
    host: '127.0.0.1',
    port: 6379,
    password: process.env.get('REDISCLI_AUTH'),
    raw: process.terminal === undefined,
    command: [],
  };
  const args = [...process.args];
  while (args[0]?.startsWith('-')) {
    const option = args.shift() as string;
    if (option === '-h') options.host = args.shift() ?? '';
    else if (option === '-p') options.port = Number(args.shift());
    else if (option === '-a' || option === '--pass') options.password = args.shift();
    else if (option === '-n' || option === '-r' || option === '-i' || option === '--user') args.shift();
    else if (option === '-u') {
      const url = new URL(args.shift() ?? 'redis://127.0.0.1');
      options.host = url.hostname;
      options.port = Number(url.port || 6379);
      if (url.password) options.password = decodeURIComponent(url.password);
    } else if (option === '--raw') options.raw = true;
    else if (option === '--no-raw') options.raw = false;
  }
  options.command = args;
  return options;
}

export const redisCli: Program = async (process) => {
  if (process.args.includes('--version') || process.args.includes('-v')) {
    await process.out('redis-cli 7.4.0\n');
    return 0;
  }
  const options = parse(process);
  let client: RedisClient;
  try {
    client = await RedisClient.connect(process, options.host, options.port);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const reason =
      error.code === 'ENOTFOUND'
        ? 'Name or service not known'
        : error.code === 'ETIMEDOUT'
          ? 'Connection timed out'
          : 'Connection refused';
    await process.error(`Could not connect to Redis at ${options.host}:${options.port}: ${reason}\n`);
    return 1;
  }
  try {
    if (options.password !== undefined) {
      const answer = await client.command('AUTH', options.password);
      if (isError(answer)) await process.error(`AUTH failed: ${answer.text}\n`);
    }
    if (options.command.length === 0) return await converse(process, client, options);
    const answer = await client.command(...options.command);
    await process.out(`${show(answer, options.raw)}\n`);
    const channelCommand = /^p?subscribe$|^monitor$/i.test(options.command[0] ?? '');
    while (channelCommand) await process.out(`${show(await client.next(), options.raw)}\n`);
    return isError(answer) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof RedisConnectionLost)) throw error;
    await process.error(`Error: ${error.message}\n`);
    return 1;
  } finally {
    client.close();
  }
};

async function converse(process: Process, client: RedisClient, options: CliOptions): Promise<number> {
  for (;;) {
    if (process.terminal) await process.out(`${options.host}:${options.port}> `);
    const line = await readTextLine(process);
    if (line === undefined) return 0;
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, word]) => double?.replaceAll(/\\(.)/g, '$1') ?? single ?? word ?? '',
    );
    if (words.length === 0) continue;
    if (words[0] === 'exit' || words[0] === 'quit') return 0;
    await process.out(`${show(await client.command(...words), options.raw)}\n`);
  }
}

function isError(value: Value): value is { kind: 'error'; text: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && (value as { kind: string }).kind === 'error';
}

/** Typed for people, plain for pipes. */
function show(value: Value, raw: boolean, indent = ''): string {
  if (value === null) return raw ? '' : '(nil)';
  if (typeof value === 'number') return raw ? String(value) : `(integer) ${value}`;
  if (typeof value === 'string')
    return raw || /^# /.test(value)
      ? value.replace(/\r?\n$/, '')
      : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    if (items.length === 0) return raw ? '' : '(empty array)';
    const width = String(items.length).length;
    return items
      .map((item, index) =>
        raw
          ? show(item, raw)
          : `${index === 0 ? '' : indent}${String(index + 1).padStart(width)}) ${show(item, raw, `${indent}${' '.repeat(width + 2)}`)}`,
      )
      .join('\n');
  }
  const status = value as { kind: 'status' | 'error'; text: string };
  return status.kind === 'error' && !raw ? `(error) ${status.text}` : status.text;
}
