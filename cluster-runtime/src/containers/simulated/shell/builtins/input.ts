/** `read` and `getopts`. */
import { readTextLine } from '../../process/lines.ts';
import type { ByteSource } from '../../process/byteStream.ts';
import { sourceIn } from '../streams.ts';
import type { Shell } from '../shell.ts';
import type { Builtin } from './allBuiltins.ts';

interface ReadOptions {
  raw: boolean;
  prompt: string;
  seconds: number | undefined;
  characters: number | undefined;
  array: string | undefined;
  fd: number;
}

export const read: Builtin = async (shell, args) => {
  const options: ReadOptions = { raw: false, prompt: '', seconds: undefined, characters: undefined, array: undefined, fd: 0 };
  let at = 0;
  for (; args[at]?.startsWith('-') && args[at] !== '-'; at++) {
    const flag = (args[at] as string).slice(1);
    for (let i = 0; i < flag.length; i++) {
      const letter = flag[i] as string;
      if (letter === 'r') options.raw = true;
      if (!'ptnNadu'.includes(letter)) continue;
      const value = flag.slice(i + 1) || (args[++at] ?? '');
      if (letter === 'p') options.prompt = value;
      else if (letter === 't') options.seconds = Number(value);
      else if (letter === 'n' || letter === 'N') options.characters = Number(value);
      else if (letter === 'a') options.array = value;
      else if (letter === 'u') options.fd = Number(value);
      break;
    }
  }
  if (options.prompt !== '' && shell.process.terminal) await shell.error(options.prompt);
  const source = shell.streams.get(options.fd)?.source ?? sourceIn(shell.streams);
  // A reader of its own, so that one that gave up does not swallow what comes later.
  const reader = { ended: false };
  const own: ByteSource = { read: () => source.read(reader), unread: (bytes) => source.unread(bytes) };
  let line: string | undefined;
  try {
    line = await shell.orInterrupted(readWithin(shell, own, options));
  } finally {
    reader.ended = true;
  }
  assignFields(shell, line ?? '', args.slice(at), options);
  return line === undefined ? 1 : 0;
};

async function readWithin(shell: Shell, source: ByteSource, options: ReadOptions): Promise<string | undefined> {
  const reading =
    options.characters === undefined ? continuedLine(shell, source, options.raw) : characters(shell, source, options.characters);
  if (options.seconds === undefined) return reading;
  return Promise.race([reading, shell.process.sleep(options.seconds * 1000).then(() => undefined)]);
}

async function continuedLine(shell: Shell, source: ByteSource, raw: boolean): Promise<string | undefined> {
  let line = await readTextLine(shell.process, source);
  while (!raw && line !== undefined && /(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
    line = line.slice(0, -1) + ((await readTextLine(shell.process, source)) ?? '');
  }
  return line;
}

async function characters(shell: Shell, source: ByteSource, count: number): Promise<string | undefined> {
  let text = '';
  while (text.length < count) {
    const chunk = await shell.process.read(source);
    if (!chunk) return text === '' ? undefined : text;
    const missing = count - text.length;
    text += shell.decode(chunk.subarray(0, missing));
    source.unread(chunk.subarray(missing));
  }
  return text;
}

function assignFields(shell: Shell, line: string, names: readonly string[], { raw, array }: ReadOptions): void {
  const ifs = shell.variables.get('IFS') ?? ' \t\n';
  const text = raw ? line : line.replaceAll(/\\(.)/g, '$1');
  if (array !== undefined) {
    shell.variables.set(array, splitAt(text, ifs, Infinity));
    return;
  }
  if (names.length === 0) {
    shell.variables.set('REPLY', line);
    return;
  }
  const fields = splitAt(text, ifs, names.length);
  for (const [index, name] of names.entries()) shell.variables.set(name, fields[index] ?? '');
}

/** At most `limit` fields; the last takes the rest of the line. */
function splitAt(text: string, ifs: string, limit: number): string[] {
  const isSpace = (char: string): boolean => ifs.includes(char) && /\s/.test(char);
  const fields: string[] = [];
  let rest = [...text];
  const trim = (): void => {
    while (rest.length > 0 && isSpace(rest[0] as string)) rest = rest.slice(1);
  };
  trim();
  while (rest.length > 0 && fields.length < limit - 1) {
    const end = rest.findIndex((char) => ifs.includes(char));
    if (end < 0) break;
    fields.push(rest.slice(0, end).join(''));
    const hard = !isSpace(rest[end] as string);
    rest = rest.slice(end + 1);
    trim();
    if (!hard && rest.length > 0 && ifs.includes(rest[0] as string)) {
      rest = rest.slice(1);
      trim();
    }
  }
  while (rest.length > 0 && isSpace(rest.at(-1) as string)) rest.pop();
  if (rest.length > 0) fields.push(rest.join(''));
  return fields;
}

export const getopts: Builtin = async (shell, args) => {
  const [letters = '', name = 'opt', ...given] = args;
  const words = given.length > 0 ? given : shell.positional;
  const index = Number(shell.variables.get('OPTIND') ?? 1);
  // Where in a cluster like -abc the next letter is.
  const position = Number(shell.variables.get('_OPTPOS') ?? 1);
  const word = words[index - 1];
  const finish = (): number => {
    shell.variables.set(name, '?');
    return 1;
  };
  if (word === undefined || !word.startsWith('-') || word === '-') return finish();
  if (word === '--') {
    shell.variables.set('OPTIND', String(index + 1));
    return finish();
  }
  const letter = word[position] as string;
  const isLast = position + 1 >= word.length;
  const advance = (by: number): void => {
    shell.variables.set('OPTIND', String(index + by));
    shell.variables.set('_OPTPOS', '1');
  };
  const at = letters.indexOf(letter);
  if (at < 0 || letter === ':') {
    shell.variables.set(name, '?');
    if (letters.startsWith(':')) shell.variables.set('OPTARG', letter);
    else await shell.complain(`Illegal option -${letter}`);
  } else {
    shell.variables.set(name, letter);
    if (letters[at + 1] === ':') {
      const value = isLast ? words[index] : word.slice(position + 1);
      advance(isLast ? 2 : 1);
      shell.variables.set('OPTARG', value ?? '');
      if (value === undefined) shell.variables.set(name, letters.startsWith(':') ? ':' : '?');
      return 0;
    }
  }
  if (isLast) advance(1);
  else shell.variables.set('_OPTPOS', String(position + 1));
  return 0;
};
