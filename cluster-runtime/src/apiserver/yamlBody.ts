/**
 * Bodies in YAML. The parser is loaded when the first one comes; its complaints are put into the words of the parser
 * that Kubernetes uses, as far as there is a counterpart.
 */
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';

export interface ParsedYaml {
  readonly value: unknown;
  /** Keys that are there twice: `line 3: key "name" already set in map`. */
  readonly duplicates: readonly string[];
}

/** The text is not YAML. The message has no wrapping: `yaml: line 1: did not find expected node content`. */
export class YamlSyntaxError extends Error {}

const words: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BAD_INDENT: 'did not find expected key',
  TAB_AS_INDENT: 'found a tab character that violates indentation',
  MISSING_CHAR: 'found unexpected end of stream',
  UNEXPECTED_TOKEN: 'did not find expected node content',
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  MULTIPLE_ANCHORS: 'did not find expected node content',
  BAD_DIRECTIVE: 'found unknown directive name',
  BAD_DQ_ESCAPE: 'found unknown escape character',
  BAD_SCALAR_START: 'found character that cannot start any token',
};

function syntaxError(error: YAMLError, lines: LineCounter): YamlSyntaxError {
  const { line } = lines.linePos(error.pos[0]);
  const text = words[error.code] ?? (error.message.split('\n', 1)[0] ?? '').replace(/ at line \d+.*$/, '');
  return new YamlSyntaxError(`yaml: line ${Math.max(1, line)}: ${text}`);
}

/** Reads the first document of `text`. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  // Kubernetes reads YAML 1.1, where `yes` is true; a key that is there twice is reported, not refused.
  const document = parseDocument(firstDocument(text), { lineCounter: lines, uniqueKeys: false, version: '1.1', logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw syntaxError(error, lines);
  const duplicates: string[] = [];
  visit(document, {
    Map(_, map) {
      if (!isMap(map)) return;
      const seen = new Set<string>();
      for (const pair of map.items) {
        if (!isScalar(pair.key)) continue;
        const key = String(pair.key.value);
        const at = pair.key.range?.[0];
        if (seen.has(key) && at !== undefined) duplicates.push(`line ${lines.linePos(at).line}: key ${JSON.stringify(key)} already set in map`);
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
