/** Redis' settings: from redis.conf and the command line, readable and changeable with CONFIG. */
import { FileError } from '../../files/fileError.ts';
import { resolvePath } from '../../files/path.ts';
import type { Process } from '../../process/process.ts';

const defaults: Readonly<Record<string, string>> = {
  appendonly: 'no',
  bind: '* -::*',
  databases: '16',
  dir: '/data',
  dbfilename: 'dump.rdb',
  loglevel: 'notice',
  masterauth: '',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  port: '6379',
  'protected-mode': 'no',
  replicaof: '',
  'replica-read-only': 'yes',
  requirepass: '',
  save: '3600 1 300 100 60 10000',
  tcp: '',
  timeout: '0',
};

const sizes: Readonly<Record<string, number>> = { k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 };

export class ConfigError extends Error {}

export interface RedisConfig {
  readonly file: string | undefined;
  readonly values: Map<string, string>;
}

/** Throws ConfigError. */
export function readRedisConfig(process: Process): RedisConfig {
  const values = new Map(Object.entries(defaults));
  const args = [...process.args];
  let file: string | undefined;
  if (args[0] !== undefined && !args[0].startsWith('-')) {
    file = args.shift() as string;
    let text: string;
    try {
      text = process.container.files.readText(resolvePath(process.cwd, file));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new ConfigError(`Fatal error, can't open config file '${file}': ${error.message}`);
    }
    for (const line of text.split('\n')) applyLine(values, line);
  }
  // `--name value value --other …`
  let line = '';
  for (const arg of [...args, '--']) {
    if (!arg.startsWith('--')) {
      line += ` ${arg === '' ? '""' : arg}`;
      continue;
    }
    if (line !== '') applyLine(values, line);
    line = arg.slice(2);
  }
  return { file, values };
}

function applyLine(values: Map<string, string>, line: string): void {
  const [name = '', ...rest] = (line.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.replace(/^(["'])(.*)\1$/, '$2'),
  );
  if (name === '' || name.startsWith('#')) return;
  setValue(values, name, rest.join(' '));
}

export function setValue(values: Map<string, string>, name: string, value: string): void {
  const key = name.toLowerCase() === 'slaveof' ? 'replicaof' : name.toLowerCase();
  const size = key === 'maxmemory' ? /^(\d+)([kmg]b?)$/i.exec(value) : null;
  values.set(key, size ? String(Number(size[1]) * (sizes[(size[2] ?? '').toLowerCase()] ?? 1)) : value);
}
