/**
 * Helm templates: `{{ … }}` is hidden from the YAML reader behind as many other characters, so that places stay true. What
 * the template would put there is not known; scalars that hold some of it are marked.
 */
import type { Mutable, ScalarNode, TextRange } from './nodes.ts';
import { type ManifestNode, nodesOf } from './nodes.ts';
import { lineStartOf } from './textLines.ts';

/** Only Helm's own objects and functions say that a text is a template: alerts and dashboards have braces of their own. */
const helmWords =
  /\{\{-?\s*(?:(?:if|with|range|else if|not|and|or|eq)\s[^}]*)?\(?\s*(?:[$]?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|include\s|template\s|define\s)/;

export const looksLikeHelm = (text: string): boolean => text.includes('{{') && helmWords.test(text);

export interface MaskedText {
  readonly text: string;
  /** Where expressions stand in lines that have other text too. */
  readonly expressions: readonly TextRange[];
}

export function maskTemplates(text: string): MaskedText {
  const expressions: TextRange[] = [];
  const actions = [...text.matchAll(/\{\{[^]*?\}\}/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let masked = '';
  let at = 0;
  for (const { start, end } of actions) {
    masked += text.slice(at, start);
    const action = text.slice(start, end);
    if (standsAlone(text, start, end)) masked += action.replace(/[^\r\n]/g, ' ');
    else {
      expressions.push({ start, end });
      masked += action.replace(/[^\r\n]/g, 'x');
    }
    at = end;
  }
  return { text: masked + text.slice(at), expressions };
}

/** The lines of an action hold nothing but actions. */
function standsAlone(text: string, start: number, end: number): boolean {
  const lineStart = lineStartOf(text, start);
  const lineEnd = text.indexOf('\n', end);
  const lines = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  return lines.replace(/\{\{[^]*?\}\}/g, '').trim() === '';
}

export function markTemplated(root: ManifestNode, expressions: readonly TextRange[]): void {
  if (expressions.length === 0) return;
  const overlaps = (node: TextRange): boolean => expressions.some(({ start, end }) => start < node.end && node.start < end);
  for (const node of nodesOf(root)) {
    if (node.kind === 'scalar' && overlaps(node)) (node as Mutable<ScalarNode>).templated = true;
    if (node.kind !== 'map') continue;
    for (const { key } of node.pairs) if (overlaps(key)) (key as Mutable<ScalarNode>).templated = true;
  }
}
