/** Data of config maps and secrets from options: `--from-literal`, `--from-file`, `--from-env-file`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type FlagSpecs, list } from './flags.ts';
import { plainError } from './kubectlError.ts';
import type { Session } from './session.ts';

export const literalFlags: FlagSpecs = { 'from-literal': list, 'from-file': list, 'from-env-file': list };

export function literalData({ flags }: Session): Map<string, Buffer> {
  const data = new Map<string, Buffer>();
  const add = (key: string, value: Buffer): void => {
    if (data.has(key)) throw plainError(`cannot add key "${key}", another key by that name already exists in Data`);
    data.set(key, value);
  };
  for (const given of flags.list('from-file')) {
    const equals = given.indexOf('=');
    const file = given.slice(equals + 1);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) throw plainError(`error reading ${file}: no such file or directory`);
    if (!stat.isDirectory()) add(equals < 0 ? path.basename(file) : given.slice(0, equals), readFileSync(file));
    else
      for (const entry of readdirSync(file, { withFileTypes: true }))
        if (entry.isFile()) add(entry.name, readFileSync(path.join(file, entry.name)));
  }
  for (const given of flags.list('from-literal')) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
    if (key === undefined || value === undefined) throw plainError(`invalid literal source ${given}, expected key=value`);
    add(key, Buffer.from(value));
  }
  for (const file of flags.list('from-env-file'))
    for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
      const text = line.trimStart();
      if (text === '' || text.startsWith('#')) continue;
      const equals = text.indexOf('=');
      add(equals < 0 ? text : text.slice(0, equals), Buffer.from(equals < 0 ? '' : text.slice(equals + 1)));
    }
  return data;
}
