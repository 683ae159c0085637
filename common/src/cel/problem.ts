/** What is wrong with an expression as it is written, in the layout of the Go library that Kubernetes compiles with. */

export interface CelProblem {
  /** In characters; undefined where it is about the whole. */
  readonly at: number;
  readonly message: string;
}

/** `ERROR: <input>:1:5: undefined field 'b'`, and the line with a mark below the place. */
export function formatProblems(source: string, problems: readonly CelProblem[]): string {
  const characters = [...source];
  const lines = source.split('\n');
  if (source === '') return problems.map(({ message }) => `ERROR: <input>:1:0: ${message}`).join('\n');
  const told = problems.filter(
    ({ at, message }, i) => problems.findIndex((other) => other.at === at && other.message === message) === i,
  );
  return told
    .map(({ at, message }) => {
      const before = characters.slice(0, at);
      const line = before.filter((character) => character === '\n').length;
      const column = at - (before.lastIndexOf('\n') + 1);
      const text = lines[line] ?? '';
      const dots = [...text]
        .slice(0, column)
        .map((character) => (isWide(character) ? '．' : '.'))
        .join('')
        .padEnd(column, '.');
      const mark = isWide([...text][column] ?? '') ? '＾' : '^';
      return `ERROR: <input>:${line + 1}:${column + 1}: ${message}\n | ${text.replaceAll('\t', ' ')}\n | ${dots}${mark}`;
    })
    .join('\n');
}

/** Everything that takes more than one byte gets a mark of its own width. */
const isWide = (character: string): boolean => (character.codePointAt(0) ?? 0) > 0x7f;

/** Thrown by the reader where it cannot go on; with what was wrong before. */
export class CelSyntaxError extends Error {
  readonly problems: readonly CelProblem[];

  constructor(at: number, message: string, before: readonly CelProblem[] = []) {
    super(message);
    this.problems = [...before, { at, message }].sort((a, b) => a.at - b.at);
  }
}
