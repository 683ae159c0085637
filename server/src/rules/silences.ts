/**
 * Comments that silence rules: `# kube-playground-ignore selector-matches-nothing` for its own and the next line,
 * `# kube-playground-ignore-file …` for the whole file. Several rules are parted by commas or spaces; none named means all.
 */
import type { SourceFile } from '#common/manifests/sourceFile.ts';

export interface Silences {
  covers(rule: string, offset: number): boolean;
}

const comment = /#[ \t]*kube-playground-ignore(-file)?(?:[ \t:]+([\w, \t-]*))?/g;
const nothing: Silences = { covers: () => false };

export function silencesOf(file: SourceFile): Silences {
  const { text } = file;
  if (!text.includes('kube-playground-ignore')) return nothing;
  const everywhere: (ReadonlySet<string> | 'all')[] = [];
  const places: { start: number; end: number; rules: ReadonlySet<string> | 'all' }[] = [];
  for (const match of text.matchAll(comment)) {
    const names = (match[2] ?? '').split(/[\s,]+/).filter(Boolean);
    const rules = names.length > 0 ? new Set(names) : 'all';
    if (match[1]) everywhere.push(rules);
    else {
      const start = text.lastIndexOf('\n', match.index) + 1;
      // On a line of its own it is about the next line, otherwise about its own.
      const alone = text.slice(start, match.index).trim() === '';
      const own = endOfLine(text, match.index);
      places.push({ start, end: alone ? endOfLine(text, own + 1) : own, rules });
    }
  }
  const has = (rules: ReadonlySet<string> | 'all', rule: string): boolean => rules === 'all' || rules.has(rule);
  return {
    covers: (rule, offset) =>
      everywhere.some((rules) => has(rules, rule)) ||
      places.some(({ start, end, rules }) => start <= offset && offset <= end && has(rules, rule)),
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
