/**
 * kubectl for machines that have none: the everyday commands, with the words and the layout of kubectl 1.32. Each verb is
 * one file and is loaded when it is called.
 */
import { ConnectionError } from '#apiClient/connectionError.ts';
import { errorText, KubectlError, plainError } from './kubectlError.ts';
import { parseArguments } from './flags.ts';
import { globalFlags, type Io, Session } from './session.ts';
import { usageText } from './usage.ts';
import { findVerb, verbNames } from './verbs/allVerbs.ts';

/** The exit status. Everything that goes wrong has been told by then. */
export async function ownKubectl(argv: readonly string[], io: Io): Promise<number> {
  let session: Session | undefined;
  try {
    const found = await findVerb(argv);
    if (!found) {
      const [name] = argv.filter((word) => !word.startsWith('-'));
      if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h')) {
        io.out(usageText());
        return 0;
      }
      throw plainError(`unknown command "${name}" for "kubectl"${suggestions(name)}`);
    }
    const { verb, words, rest } = found;
    const command = `kubectl ${words.join(' ')}`;
    const dash = rest.indexOf('--');
    const own = dash < 0 ? rest : rest.slice(0, dash);
    if (own.includes('--help') || own.includes('-h')) {
      io.out(usageText(command, verb));
      return 0;
    }
    const { flags, args, afterDash } = parseArguments(rest, { ...globalFlags, ...verb.flags }, command);
    session = new Session(io, command, flags, args, afterDash);
    await verb.run(session);
    return session.exitCode;
  } catch (error) {
    if (io.signal.aborted) return 130;
    if (!(error instanceof KubectlError) && !(error instanceof ConnectionError) && isBug(error)) throw error;
    const said = errorText(error);
    if (said) io.err(`${said}\n`);
    return error instanceof KubectlError ? error.exitCode : 1;
  } finally {
    await session?.close();
  }
}

/** What no person can mend keeps its trace. */
const isBug = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError;

/** Commands that are written much like it. */
function suggestions(name: string): string {
  const first = [...new Set(verbNames().map((words) => words.split(' ')[0] ?? ''))];
  const near = first.filter((command) => distance(command, name) <= 2 || command.startsWith(name.toLowerCase()));
  return near.length > 0 ? `\n\nDid you mean this?\n${near.map((command) => `\t${command}`).join('\n')}` : '';
}

/** How many letters have to be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
