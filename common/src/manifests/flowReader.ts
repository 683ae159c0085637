/** Quoted scalars and flow collections for the fast reader: JSON, and the `{a: b}` and `[a, b]` of everyday YAML. */
import { mapNode, type ManifestNode, type Pair, pairOf, scalarNode, type ScalarNode, sequenceNode } from './nodes.ts';
import { giveUp, isBlank, LF, TAB } from './readerText.ts';
import { plainScalarValue } from './scalarValue.ts';

const deepest = 100;

export class FlowReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** Lines of a collection must stand deeper than this. */
  #parent = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** A quoted scalar on one line. */
  quoted(at: number, lineEnd: number): ScalarNode {
    return this.#text.charCodeAt(at) === 34 ? this.#double(at, lineEnd) : this.#single(at, lineEnd);
  }

  #single(at: number, lineEnd: number): ScalarNode {
    const text = this.#text;
    let end = at + 1;
    for (; ; end++) {
      end = text.indexOf("'", end);
      if (end < 0 || end >= lineEnd) giveUp();
      if (text.charCodeAt(end + 1) !== 39) break;
      end++;
    }
    return scalarNode(at, end + 1, text.slice(at + 1, end).replaceAll("''", "'"), 'single');
  }

  #double(at: number, lineEnd: number): ScalarNode {
    const text = this.#text;
    let end = at + 1;
    let escaped = false;
    for (; ; end++) {
      if (end >= lineEnd) giveUp();
      const code = text.charCodeAt(end);
      if (code === 34) break;
      if (code < 32) giveUp();
      if (code !== 92) continue;
      escaped = true;
      end++;
    }
    if (!escaped) return scalarNode(at, end + 1, text.slice(at + 1, end), 'double');
    return scalarNode(at, end + 1, unescaped(text.slice(at, end + 1)), 'double');
  }

  /** A collection that starts at `at`. */
  collection(at: number, parent: number): ManifestNode {
    this.#at = at;
    this.#parent = parent;
    this.#depth = 0;
    return this.#node();
  }

  #node(): ManifestNode {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    if (first === 123) return this.#map();
    if (first === 91) return this.#sequence();
    if (first === 34 || first === 39) {
      const node = this.quoted(this.#at, this.#lineEnd());
      this.#at = node.end;
      return node;
    }
    return this.#plain();
  }

  #sequence(): ManifestNode {
    if (++this.#depth > deepest) giveUp();
    const start = this.#at++;
    const items: ManifestNode[] = [];
    this.#skip();
    while (this.#text.charCodeAt(this.#at) !== 93) {
      items.push(this.#node());
      this.#separator(93);
    }
    this.#at++;
    this.#depth--;
    return sequenceNode(start, true, items, this.#at);
  }

  #map(): ManifestNode {
    if (++this.#depth > deepest) giveUp();
    const start = this.#at++;
    const pairs: Pair[] = [];
    this.#skip();
    while (this.#text.charCodeAt(this.#at) !== 125) {
      const key = this.#node();
      if (key.kind !== 'scalar' || key.value === '<<') giveUp();
      const line = this.#at;
      this.#skip();
      if (this.#text.charCodeAt(this.#at) !== 58 || this.#text.slice(line, this.#at).includes('\n')) giveUp();
      this.#at++;
      // After a quoted key the value may follow at once, as in JSON.
      if (key.style === 'plain' && !isBlank(this.#text.charCodeAt(this.#at))) giveUp();
      this.#skip();
      const next = this.#text.charCodeAt(this.#at);
      if (next === 44 || next === 125) giveUp();
      pairs.push(pairOf(key, this.#node()));
      this.#separator(125);
    }
    this.#at++;
    this.#depth--;
    return mapNode(start, true, pairs, this.#at);
  }

  /** Behind an item: a comma, or the end. */
  #separator(end: number): void {
    this.#skip();
    const code = this.#text.charCodeAt(this.#at);
    if (code === end) return;
    if (code !== 44) giveUp();
    this.#at++;
    this.#skip();
    if (this.#text.charCodeAt(this.#at) === 44) giveUp();
  }

  #plain(): ScalarNode {
    const text = this.#text;
    const start = this.#at;
    const lineEnd = this.#lineEnd();
    if (/^[&*!|>%@`#?:,\]}]|^-(?:\s|$)/.test(text.slice(start, start + 2))) giveUp();
    let at = start;
    for (; at < lineEnd; at++) {
      const code = text.charCodeAt(at);
      if (code === 44 || code === 93 || code === 125) break;
      if (code === 123 || code === 91) giveUp();
      if (code === 35 && isBlank(text.charCodeAt(at - 1))) giveUp();
      if (code !== 58) continue;
      const next = text.charCodeAt(at + 1);
      if (at + 1 >= lineEnd || isBlank(next)) break;
      if (next === 44 || next === 93 || next === 125 || next === 91 || next === 123) giveUp();
    }
    let end = at;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
    if (end === start) giveUp();
    this.#at = at;
    return scalarNode(start, end, plainScalarValue(text.slice(start, end)), 'plain');
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }

  /** Over blanks and line breaks. Comments inside are left to the full parser. */
  #skip(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === TAB || !isBlank(code)) {
        if (code === TAB || code === 35 || Number.isNaN(code)) giveUp();
        return;
      }
      this.#at++;
      if (code !== LF) continue;
      let column = 0;
      while (text.charCodeAt(this.#at + column) === 32) column++;
      if (column <= this.#parent && !isBlank(text.charCodeAt(this.#at + column))) giveUp();
      // A line at the margin may be a mark that ends the document.
      if (text.startsWith('---', this.#at) || text.startsWith('...', this.#at)) giveUp();
    }
  }
}

/** Escapes that JSON has too; YAML's others are the full parser's. */
function unescaped(quoted: string): string {
  if (/\\[^"\\/bfnrtu]|\\u(?![0-9a-fA-F]{4})|\\u[dD][89a-fA-F]/.test(quoted.replaceAll('\\\\', ''))) return giveUp();
  return JSON.parse(quoted) as string;
}
