/**
 * Bodies in YAML. The parser is loaded when the first one comes; its complaints are put into the words of the parser
 * that Kubernetes uses, as far as there is a counterpart.
 */
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { kubernetesTags } from '#common/manifests/scalarValue.ts';

export interface ParsedYaml {
  readonly value: unknown;
  /** Keys that are there twice: `line 3: key "name" already set in map`. */
  readonly duplicates: readonly string[];
}

/** The text is not YAML. The message has no wrapping: `yaml: line 1: did not find expected node content`. */
export class YamlSyntaxError extends Error {}

/** What went wrong in the words of Go's YAML parser, and the line it would name, counted from 0. */
interface Problem {
  readonly words: string;
  readonly line: number;
  /** Problems with characters are counted from 1, problems with structure from 0; both go unnamed on the first line. */
  readonly inCharacters: boolean;
}

const inCharacters = (words: string, line: number): Problem => ({ words, line, inCharacters: true });
const inStructure = (words: string, line: number): Problem => ({ words, line, inCharacters: false });

function problemOf(errors: readonly YAMLError[], text: string, lines: LineCounter): Problem | undefined {
  const [error] = errors;
  if (!error) return undefined;
  const line = lines.linePos(error.pos[0]).line - 1;
  const says = (part: string): boolean => error.message.includes(part);
  const lastLine = text.replace(/\n$/, '').split('\n').length;
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return inCharacters(
        'mapping values are not allowed in this context',
        errors.some((e) => e.code === 'MULTILINE_IMPLICIT_KEY') ? line + 1 : line,
      );
    case 'MULTILINE_IMPLICIT_KEY':
      return inCharacters('mapping values are not allowed in this context', line + 1);
    case 'TAB_AS_INDENT':
      return inCharacters('found a tab character that violates indentation', line);
    case 'BAD_SCALAR_START':
      return inCharacters('found character that cannot start any token', line);
    case 'BAD_DQ_ESCAPE':
      return inCharacters('found unknown escape character', line);
    case 'MISSING_CHAR':
      if (says('quote')) return inCharacters('found unexpected end of stream', line);
      if (says('directives-end')) return inCharacters('found unknown directive name', 0);
      return inCharacters("could not find expected ':'", line + 1);
    case 'BAD_INDENT': {
      const end = says('Flow sequence') ? ']' : says('Flow map') ? '}' : '';
      if (!end) return inStructure('did not find expected key', line);
      const empty = /[[{,]\s*$/.test(text) && end === ']';
      return inStructure(empty ? 'did not find expected node content' : `did not find expected ',' or '${end}'`, lastLine);
    }
    case 'UNEXPECTED_TOKEN':
      if (says('block-seq-ind')) return inCharacters('block sequence entries are not allowed in this context', line);
      if (says('at node end')) return inStructure("did not find expected '-' indicator", line);
      return inStructure('did not find expected node content', line);
    default:
      return inStructure((error.message.split('\n', 1)[0] ?? '').replace(/ at line \d+.*$/, ''), line);
  }
}

function syntaxError({ words, line, inCharacters: counted }: Problem): YamlSyntaxError {
  const named = line > 0 ? `line ${counted ? line + 1 : line}: ` : '';
  return new YamlSyntaxError(`yaml: ${named}${words}`);
}

/** Reads the first document of `text`. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  // A key that is there twice is reported, not refused.
  const first = firstDocument(text);
  const document = parseDocument(first, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.1',
    customTags: kubernetesTags,
    logLevel: 'silent',
  });
  const problem = problemOf(document.errors, first, lines);
  if (problem) throw syntaxError(problem);
  const duplicates: string[] = [];
  visit(document, {
    Map(_, map) {
      if (!isMap(map)) return;
      const seen = new Set<string>();
      for (const pair of map.items) {
        if (!isScalar(pair.key)) continue;
        const key = String(pair.key.value);
        const at = pair.key.range?.[0];
        if (seen.has(key) && at !== undefined)
          duplicates.push(`line ${lines.linePos(at).line}: key ${JSON.stringify(key)} already set in map`);
        seen.add(key);
      }
    },
  });
  return { value: toValue(document), duplicates };
}

/** Aliases may blow a small text up into a huge value; past a fixed number of them the body is refused. */
function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) throw new YamlSyntaxError(`yaml: ${aliasProblem(error.message)}`);
    throw error;
  }
}

function aliasProblem(message: string): string {
  const anchor = /Unresolved alias[^:]*: ?(\S+)/.exec(message)?.[1];
  return anchor ? `unknown anchor '${anchor}' referenced` : 'document contains excessive aliasing';
}

function firstDocument(text: string): string {
  const start = text.startsWith('---') ? text.indexOf('\n') + 1 : 0;
  const end = text.indexOf('\n---', start);
  return end < 0 ? text : text.slice(0, end + 1);
}
