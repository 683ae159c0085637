/** `>`, `<`, `2>&1`, here-documents: what they do to a shell's open files, for one command or for good. */
import { FileError } from '../files/fileError.ts';
import { nullSink, sourceOf } from '../process/byteStream.ts';
import { expandToText } from './expand.ts';
import type { Shell } from './shell.ts';
import { openSink, openSource, type Stream, type Streams } from './streams.ts';
import type { Redirection, WordNode } from './syntax.ts';
import { ShellError } from './variables.ts';

const encoder = new TextEncoder();

/** Runs `body` under the redirections. One that fails gives status 1, and `body` does not run. */
export async function withRedirections(
  shell: Shell,
  redirections: readonly Redirection[],
  body: () => Promise<number>,
): Promise<number> {
  if (redirections.length === 0) return body();
  const before = shell.streams;
  try {
    shell.streams = await redirected(shell, redirections);
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    await shell.complain(error.message);
    return shell.flavour === 'dash' ? 2 : 1;
  }
  try {
    return await body();
  } finally {
    shell.streams = before;
  }
}

export class RedirectionError extends Error {}

/** Throws RedirectionError. */
export async function redirected(shell: Shell, redirections: readonly Redirection[]): Promise<Streams> {
  const streams = new Map(shell.streams);
  for (const redirection of redirections) await apply(shell, streams, redirection);
  return streams;
}

async function apply(shell: Shell, streams: Map<number, Stream>, { fd, operator, target }: Redirection): Promise<void> {
  if (target.type === 'HereDoc') {
    const text = await expandToText(shell, target.stripTabs ? withoutTabs(target.content) : target.content);
    streams.set(fd ?? 0, { source: sourceOf(encoder.encode(text)) });
    return;
  }
  const text = await expandToText(shell, target);
  switch (operator) {
    case '<<<':
      streams.set(fd ?? 0, { source: sourceOf(encoder.encode(`${text}\n`)) });
      return;
    case '<':
    case '<>':
      streams.set(fd ?? 0, { source: opened(shell, text, 'open', () => openSource(shell.process, streams, shell.cwd, text)) });
      return;
    case '>':
    case '>|':
    case '>>':
      streams.set(fd ?? 1, {
        sink: opened(shell, text, 'create', () => openSink(shell.process, streams, shell.cwd, text, operator === '>>')),
      });
      return;
    case '&>':
    case '&>>': {
      const sink = opened(shell, text, 'create', () => openSink(shell.process, streams, shell.cwd, text, operator === '&>>'));
      streams.set(1, { sink }).set(2, { sink });
      return;
    }
    case '>&':
    case '<&': {
      const number = fd ?? (operator === '>&' ? 1 : 0);
      if (text === '-') {
        streams.set(number, { sink: nullSink });
        return;
      }
      if (!/^\d+$/.test(text)) {
        const sink = opened(shell, text, 'create', () => openSink(shell.process, streams, shell.cwd, text, false));
        streams.set(1, { sink }).set(2, { sink });
        return;
      }
      const stream = streams.get(Number(text));
      if (!stream) throw new RedirectionError(`${text}: Bad file descriptor`);
      streams.set(number, stream);
      return;
    }
    default:
      throw new ShellError('syntax error: bad redirection', 2);
  }
}

/** `<<-`: tabs at the starts of lines do not belong to the text. */
function withoutTabs(word: WordNode): WordNode {
  let atStart = true;
  const parts = word.parts.map((part) => {
    if (part.type !== 'Literal' && part.type !== 'SingleQuoted') {
      atStart = false;
      return part;
    }
    const value = part.value.replaceAll(atStart ? /(^|\n)\t+/g : /(\n)\t+/g, '$1');
    atStart = part.value.endsWith('\n');
    return { ...part, value };
  });
  return { ...word, parts };
}

function opened<T>(shell: Shell, path: string, verb: 'open' | 'create', open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (shell.flavour === 'bash') throw new RedirectionError(`${path}: ${error.message}`);
    const reason =
      error.code === 'ENOENT'
        ? verb === 'create'
          ? shell.flavour === 'ash'
            ? 'nonexistent directory'
            : 'Directory nonexistent'
          : shell.flavour === 'ash'
            ? 'no such file'
            : 'No such file'
        : error.message;
    throw new RedirectionError(
      shell.flavour === 'ash' ? `can't ${verb} ${path}: ${reason}` : `cannot ${verb} ${path}: ${reason}`,
    );
  }
}
