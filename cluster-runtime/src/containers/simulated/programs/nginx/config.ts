/** nginx' configuration language: directives with words, and blocks; includes are read as they are met. */
import { FileError } from '../../files/fileError.ts';
import { basename, dirname, resolvePath } from '../../files/path.ts';
import type { SimulatedContainer } from '../../process/container.ts';

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
  readonly file: string;
  readonly line: number;
}

/** What `nginx -t` complains about. */
export class ConfigError extends Error {
  constructor(message: string, file: string, line?: number) {
    super(line === undefined ? `${message} in ${file}` : `${message} in ${file}:${line}`);
  }
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

function tokenize(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /(\s+)|(#[^\n]*)|([{};])|"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|((?:\$\{[^}]*\}|\\[^]|[^\s{};"'\\]|(?<=\S)["'])+)/y;
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) throw new ConfigError('unexpected end of file, expecting ";" or "}"', file, line);
    const [whole, , , mark, double, single, word] = match;
    const quoted = double ?? single;
    if (mark !== undefined) tokens.push({ text: mark, quoted: false, line });
    else if (quoted !== undefined)
      tokens.push({ text: quoted.replaceAll(/\\(["'\\])/g, '$1').replaceAll('\\n', '\n'), quoted: true, line });
    else if (word !== undefined) tokens.push({ text: word, quoted: false, line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}

export function readConfig(container: SimulatedContainer, file: string): readonly Directive[] {
  let text: string;
  try {
    text = container.files.readText(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ConfigError(`open() "${file}" failed (2: ${error.message})`, file);
  }
  const tokens = tokenize(text, file);
  let at = 0;

  const readBlock = (depth: number): Directive[] => {
    const directives: Directive[] = [];
    for (;;) {
      const first = tokens[at++];
      if (!first) {
        if (depth > 0) throw new ConfigError('unexpected end of file, expecting "}"', file, text.split('\n').length);
        return directives;
      }
      if (!first.quoted && first.text === '}') {
        if (depth === 0) throw new ConfigError('unexpected "}"', file, first.line);
        return directives;
      }
      if (!first.quoted && first.text === ';') throw new ConfigError('unexpected ";"', file, first.line);
      const args: string[] = [];
      let block: Directive[] | undefined;
      for (;;) {
        const token = tokens[at++];
        if (!token) throw new ConfigError('unexpected end of file, expecting ";" or "}"', file, text.split('\n').length);
        if (!token.quoted && token.text === ';') break;
        if (!token.quoted && token.text === '{') {
          block = readBlock(depth + 1);
          break;
        }
        if (!token.quoted && token.text === '}') throw new ConfigError('unexpected "}"', file, token.line);
        args.push(token.text);
      }
      if (first.text === 'include') directives.push(...includes(container, file, args[0] ?? '', first.line));
      else directives.push({ name: first.text, args, file, line: first.line, ...(block ? { block } : {}) });
    }
  };
  return readBlock(0);
}

function includes(container: SimulatedContainer, from: string, pattern: string, line: number): Directive[] {
  const path = resolvePath('/etc/nginx', pattern);
  if (!path.includes('*')) {
    if (!container.files.exists(path))
      throw new ConfigError(`open() "${path}" failed (2: No such file or directory)`, from, line);
    return [...readConfig(container, path)];
  }
  const folder = dirname(path);
  if (!container.files.isFolder(folder)) return [];
  const [before, after] = basename(path).split('*') as [string, string];
  return container.files
    .names(folder)
    .filter((name) => !name.startsWith('.') && name.startsWith(before) && name.endsWith(after ?? ''))
    .flatMap((name) => [...readConfig(container, `${folder}/${name}`)]);
}
