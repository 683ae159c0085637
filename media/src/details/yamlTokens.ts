/** Enough of YAML to colour it: a line's key, scalar and comment. What it cannot tell stays plain. */
export interface Token {
  readonly type: 'plain' | 'key' | 'string' | 'number' | 'keyword' | 'punctuation';
  readonly text: string;
}

const keyed = /^(\s*(?:- )*)((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#&*!|>%@`{}[\],:][^:#]*?))(:)(?=\s|$)(.*)$/;
const listed = /^(\s*(?:- )+)(.*)$/;

/** `isBlock` says whether the lines that follow may belong to a text in block form, and how far such a text is indented. */
export class YamlTokens {
  #blockIndent: number | undefined;

  line(line: string): Token[] {
    const indent = line.length - line.trimStart().length;
    if (this.#blockIndent !== undefined) {
      if (line.trim() === '' || indent > this.#blockIndent) return [{ type: 'string', text: line }];
      this.#blockIndent = undefined;
    }
    const match = keyed.exec(line);
    if (match) {
      const [, before = '', key = '', colon = '', rest = ''] = match;
      if (/^\s*[|>][+-]?\d*\s*$/.test(rest)) this.#blockIndent = indent;
      return [
        { type: 'punctuation', text: before },
        { type: 'key', text: key },
        { type: 'punctuation', text: colon },
        scalar(rest),
      ];
    }
    const [, dashes = '', item = line] = listed.exec(line) ?? [];
    if (/^\s*[|>][+-]?\d*\s*$/.test(item)) this.#blockIndent = indent;
    return [{ type: 'punctuation', text: dashes }, scalar(item)];
  }
}

function scalar(text: string): Token {
  const value = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(value)) return { type: 'number', text };
  if (/^(true|false|null|~|\{\}|\[\])$/.test(value)) return { type: 'keyword', text };
  return { type: value ? 'string' : 'plain', text };
}
