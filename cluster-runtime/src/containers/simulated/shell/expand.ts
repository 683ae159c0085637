/** From words to arguments: expansions, splitting at IFS, file name patterns, and the removal of quotes. */
import { FileError } from '../files/fileError.ts';
import { join, resolvePath } from '../files/path.ts';
import { evaluate } from './arithmetic.ts';
import { expandParameter } from './parameters.ts';
import { escapePattern, hasWildcard, patternSource, unescapePattern } from './pattern.ts';
import type { Shell } from './shell.ts';
import type { Part, WordNode, WordPart } from './syntax.ts';
import { ShellError } from './variables.ts';

/** A stretch of an expanded word. `split`: came from an unquoted expansion. `breakAfter`: the next one is a new field. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  readonly split: boolean;
  readonly breakAfter?: boolean;
}

/** All arguments that the words give. */
export async function expandWords(shell: Shell, words: readonly WordNode[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const alternative of bracesExpanded(word)) fields.push(...(await expandWord(shell, alternative)));
  }
  return fields;
}

/** One text, without splitting and patterns: assignments, redirections, here-documents. */
export async function expandToText(shell: Shell, word: WordNode): Promise<string> {
  const pieces = await expandParts(shell, word.parts, false);
  return pieces.map(({ text, breakAfter }) => (breakAfter ? `${text} ` : text)).join('');
}

/** A pattern, in which what was quoted is escaped. */
export async function expandToPattern(shell: Shell, word: WordNode): Promise<string> {
  const pieces = await expandParts(shell, word.parts, false);
  return pieces.map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join('');
}

async function expandWord(shell: Shell, word: WordNode): Promise<string[]> {
  const pieces = await expandParts(shell, word.parts, false);
  const patterns = splitIntoFields(pieces, shell.variables.get('IFS') ?? ' \t\n');
  const fields: string[] = [];
  for (const pattern of patterns) {
    const paths = hasWildcard(pattern) && !shell.options.has('f') ? matchingPaths(shell, pattern) : [];
    if (paths.length > 0) fields.push(...paths);
    else fields.push(unescapePattern(pattern));
  }
  return fields;
}

/** Fields as patterns: characters that stand for themselves are escaped. */
function splitIntoFields(pieces: readonly Piece[], ifs: string): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  const flush = (): void => {
    if (current !== undefined) fields.push(current);
    current = undefined;
  };
  let endedBySpace = false;
  const spaces = [...ifs].filter((char) => /\s/.test(char)).join('');
  for (const { text, quoted, split, breakAfter } of pieces) {
    if (!split || ifs === '') {
      if (quoted || text !== '') current = (current ?? '') + (quoted ? escapePattern(text) : text.replaceAll('\\', '\\\\'));
    } else {
      for (let i = 0; i < text.length; i++) {
        const char = text[i] as string;
        if (!ifs.includes(char)) {
          current = (current ?? '') + (char === '\\' ? '\\\\' : char);
          endedBySpace = false;
        } else if (spaces.includes(char)) {
          endedBySpace ||= current !== undefined;
          flush();
        } else {
          // A separator that is not white space makes a field even of nothing.
          if (current !== undefined || !endedBySpace) fields.push(current ?? '');
          current = undefined;
          endedBySpace = false;
        }
      }
    }
    if (breakAfter) flush();
  }
  flush();
  return fields;
}

async function expandParts(shell: Shell, parts: readonly WordPart[], inQuotes: boolean): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const part of parts) {
    switch (part.type) {
      case 'Literal':
        pieces.push({ text: part.value, quoted: inQuotes, split: false });
        break;
      case 'SingleQuoted':
      case 'Escaped':
        pieces.push({ text: part.value, quoted: true, split: false });
        break;
      case 'DoubleQuoted': {
        const inner = await expandParts(shell, part.parts, true);
        // "" is an empty argument, "$@" without arguments is none.
        const isEmptyList = part.parts.length > 0 && inner.length === 0;
        if (inner.length > 0) pieces.push(...inner);
        else if (!isEmptyList) pieces.push({ text: '', quoted: true, split: false });
        break;
      }
      case 'Glob':
        pieces.push({ text: part.pattern, quoted: false, split: false });
        break;
      case 'TildeExpansion':
        pieces.push({
          text: part.user ? `/home/${part.user}` : (shell.variables.get('HOME') ?? '/'),
          quoted: true,
          split: false,
        });
        break;
      case 'ParameterExpansion':
        pieces.push(...(await parameterPieces(shell, part, inQuotes)));
        break;
      case 'CommandSubstitution':
        pieces.push({ text: await shell.substitute(part.body), quoted: inQuotes, split: !inQuotes });
        break;
      case 'ArithmeticExpansion':
        pieces.push({ text: String(await evaluate(shell, part.expression.expression)), quoted: inQuotes, split: !inQuotes });
        break;
      case 'ProcessSubstitution':
        if (part.direction !== 'input') throw new ShellError('syntax error: unexpected "("', 2);
        pieces.push({ text: await shell.substituteProcess(part.body), quoted: true, split: false });
        break;
      case 'BraceExpansion':
        break;
    }
  }
  return pieces;
}

async function parameterPieces(shell: Shell, part: Part<'ParameterExpansion'>, inQuotes: boolean): Promise<Piece[]> {
  const value = await expandParameter(shell, part);
  if (typeof value !== 'object')
    return value === undefined && !inQuotes ? [] : [{ text: value ?? '', quoted: inQuotes, split: !inQuotes }];
  const isStar = part.parameter === '*' || part.parameter.endsWith('[*]');
  if (inQuotes && isStar)
    return [{ text: value.join((shell.variables.get('IFS') ?? ' ').slice(0, 1)), quoted: true, split: false }];
  return value.map((text, index) => ({ text, quoted: inQuotes, split: !inQuotes, breakAfter: index < value.length - 1 }));
}

/** `{a,b}` and `{1..3}`, one word for each combination. */
function bracesExpanded(word: WordNode): readonly WordNode[] {
  const at = word.parts.findIndex(({ type }) => type === 'BraceExpansion');
  if (at < 0) return [word];
  const before = word.parts.slice(0, at);
  const after = word.parts.slice(at + 1);
  return (word.parts[at] as Part<'BraceExpansion'>).items
    .flatMap((item) =>
      item.type === 'Word' ? [item.word.parts] : range(item).map((value): WordPart[] => [{ type: 'Literal', value }]),
    )
    .flatMap((parts) => bracesExpanded({ ...word, parts: [...before, ...parts, ...after] }));
}

const longestRange = 100_000;

function range(item: Extract<Part<'BraceExpansion'>['items'][number], { type: 'Range' }>): string[] {
  const isLetter = typeof item.start === 'string' && typeof item.end === 'string';
  const [from, to] = isLetter
    ? [String(item.start).charCodeAt(0), String(item.end).charCodeAt(0)]
    : [Number(item.start), Number(item.end)];
  const step = Math.abs(Number(item.step ?? 1)) || 1;
  const count = Math.min(longestRange, Math.floor(Math.abs(to - from) / step) + 1);
  const width =
    /^-?0\d/.test(item.startStr ?? '') || /^-?0\d/.test(item.endStr ?? '')
      ? Math.max(item.startStr?.length ?? 0, item.endStr?.length ?? 0)
      : 0;
  return Array.from({ length: count }, (_, i) => from + Math.sign(to - from) * step * i).map((value) =>
    isLetter ? String.fromCharCode(value) : String(value).padStart(width, '0'),
  );
}

function matchingPaths(shell: Shell, pattern: string): string[] {
  const { files } = shell.process.container;
  const absolute = pattern.startsWith('/');
  let found = [{ shown: absolute ? '/' : '', path: absolute ? '/' : shell.cwd }];
  for (const part of pattern.split('/').filter((step) => step !== '')) {
    if (!hasWildcard(part)) {
      const name = unescapePattern(part);
      found = found
        .map(({ shown, path }) => ({ shown: appended(shown, name), path: resolvePath(path, name) }))
        .filter(({ path }) => exists(files, path));
      continue;
    }
    const regex = new RegExp(`^${patternSource(part, { path: true })}$`, 'u');
    found = found.flatMap(({ shown, path }) => {
      if (!isFolder(files, path)) return [];
      return files
        .names(path)
        .filter((name) => regex.test(name) && (!name.startsWith('.') || part.startsWith('.')))
        .map((name) => ({ shown: appended(shown, name), path: join(path, name) }));
    });
  }
  const folderOnly = pattern.endsWith('/');
  return found.filter(({ path }) => !folderOnly || isFolder(files, path)).map(({ shown }) => (folderOnly ? `${shown}/` : shown));
}

function appended(shown: string, name: string): string {
  return shown === '' ? name : shown === '/' ? `/${name}` : `${shown}/${name}`;
}

type Files = Shell['process']['container']['files'];

function exists(files: Files, path: string): boolean {
  return tolerant(() => files.findLink(path) !== undefined);
}

function isFolder(files: Files, path: string): boolean {
  return tolerant(() => files.isFolder(path));
}

/** A path through something that is no folder does not exist. */
function tolerant(question: () => boolean): boolean {
  try {
    return question();
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
