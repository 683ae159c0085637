/**
 * Fixtures for the server's tests: files, a cursor, expected marks and a cluster's objects in one text.
 *
 *   #- /app/service.yaml      the next lines are this file (the first is /main.yaml unless said)
 *   $0                        the cursor; twice it is a range
 *   # ^^^ error: message      marks the place above it in the nearest line that is no such mark
 *   #<^^^ error: message      the same, two columns further left: for what starts where the # stands
 *   #- live                   YAML objects that the cluster has
 *
 * Whatever a test needs and the fixture does not have is an error, so that no test passes by looking at nothing.
 */
import type { UntypedObject } from '#common/api/meta.ts';
import { parseSourceFile } from '#common/manifests/sourceFile.ts';
import type { TextRange } from '#common/manifests/nodes.ts';

export interface Mark extends TextRange {
  /** `error`, `warning`, `information`, `hint`, `target` or any other word. */
  readonly kind: string;
  /** What follows the colon; empty when any text will do. Ends in `…` when only the beginning counts. */
  readonly text: string;
  /** 1-based line, for messages. */
  readonly line: number;
}

export interface FixtureFile {
  readonly uri: string;
  readonly text: string;
  readonly marks: readonly Mark[];
}

export interface Fixture {
  readonly files: readonly FixtureFile[];
  /** The file with the cursor, else the first. */
  readonly main: FixtureFile;
  readonly cursor: TextRange | undefined;
  readonly live: readonly UntypedObject[] | undefined;
}

const header = /^#-[ \t]+(\S+)[ \t]*$/;
const mark = /^[ \t]*#(<?)[ \t]*(\^+)[ \t]+(\w+)(?::[ \t]?(.*))?$/;

export function parseFixture(fixture: string): Fixture {
  const sections: { name: string; lines: string[] }[] = [{ name: '/main.yaml', lines: [] }];
  for (const line of fixture.replace(/^\r?\n/, '').split('\n')) {
    const name = header.exec(line.replace(/\r$/, ''))?.[1];
    if (name !== undefined) sections.push({ name, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  const [first] = sections;
  if (first && sections.length > 1 && first.lines.every((line) => line.trim() === '')) sections.shift();
  const live = sections.filter(({ name }) => name === 'live');
  let cursor: { uri: string; range: TextRange } | undefined;
  const files = sections
    .filter(({ name }) => name !== 'live')
    .map(({ name, lines }) => {
      const uri = `file://${name}`;
      const { text, marks } = takeMarks(lines);
      const [start, end] = [...text.matchAll(/\$0/g)].map(({ index }) => index);
      if (start === undefined) return { uri, text, marks };
      if (cursor) throw new Error('The cursor $0 is in two files');
      cursor = { uri, range: { start, end: end === undefined ? start : end - 2 } };
      if (marks.some((each) => each.end > start)) throw new Error('Marks must stand in front of the cursor, or in other files');
      return { uri, text: text.replaceAll('$0', ''), marks };
    });
  const main = files.find(({ uri }) => uri === cursor?.uri) ?? files[0];
  if (!main) throw new Error('The fixture has no file');
  return {
    files,
    main,
    cursor: cursor?.range,
    live: live.length === 0 ? undefined : live.flatMap(({ lines }) => liveObjects(lines.join('\n'))),
  };
}

function takeMarks(lines: readonly string[]): { text: string; marks: Mark[] } {
  const kept: string[] = [];
  const marks: Mark[] = [];
  let lineStart = 0;
  let length = 0;
  for (const line of lines) {
    const match = mark.exec(line.replace(/\r$/, ''));
    if (!match) {
      lineStart = length;
      length += line.length + 1;
      kept.push(line);
      continue;
    }
    if (kept.length === 0) throw new Error(`Nothing stands above the mark: ${line}`);
    const [, left, carets = '', kind = '', text = ''] = match;
    const start = lineStart + line.indexOf('^') - (left ? 2 : 0);
    marks.push({ start, end: start + carets.length, kind, text: text.trim(), line: kept.length });
  }
  return { text: kept.join('\n'), marks };
}

function liveObjects(text: string): UntypedObject[] {
  return parseSourceFile('file:///live.yaml', text)
    .documents.filter(({ root }) => root !== undefined)
    .map(({ value, problems, gvk }) => {
      if (problems.length > 0 || !gvk)
        throw new Error(`The cluster's objects cannot be read: ${problems[0]?.message ?? 'no kind'}`);
      return value as UntypedObject;
    });
}
