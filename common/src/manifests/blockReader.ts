/**
 * A fast reader for the YAML that manifests are written in: block maps and lists, single-line scalars, block scalars and
 * flow collections, JSON among them. It gives up (undefined) at whatever is unusual, broken or ambiguous, and then the full
 * parser has the word; where it answers, it answers the same. Ten times as fast, which is what a keystroke in a long file
 * and a workspace of thousands of manifests need.
 */
import { readBlockScalar } from './blockScalarReader.ts';
import { FlowReader } from './flowReader.ts';
import { mapNode, type ManifestNode, type Pair, pairOf, scalarNode, type ScalarNode, sequenceNode } from './nodes.ts';
import { GiveUp, giveUp, isBlank, LF, TAB } from './readerText.ts';
import { plainScalarValue } from './scalarValue.ts';

const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;
const deepest = 100;

/** The root of a text with one document, `null` for a document without content, undefined where the full parser is needed. */
export function readBlockYaml(text: string): ManifestNode | null | undefined {
  try {
    return new BlockReader(text).read();
  } catch (error) {
    if (error instanceof GiveUp) return undefined;
    throw error;
  }
}

class BlockReader {
  readonly #text: string;
  readonly #flow: FlowReader;
  /** The current line with content: where the content starts, its column, and the end of the line without the break. */
  #at = 0;
  #column = -1;
  #lineEnd = 0;
  /** Where to look for the next line. */
  #next = 0;
  #done = false;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#flow = new FlowReader(text);
  }

  read(): ManifestNode | null {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#next = 1;
    this.#advance();
    if (!this.#done && this.#column === 0 && text.startsWith('---', this.#at)) {
      this.#trailing(this.#at + 3);
      this.#advance();
      // An empty document, which is more than none.
      if (this.#done) giveUp();
    }
    if (this.#done) return null;
    const root = this.#node(-1);
    if (!this.#done) giveUp();
    return root;
  }

  /** Goes to the next line with content. */
  #advance(): void {
    const text = this.#text;
    for (let start = this.#next; start < text.length; start = this.#next) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      this.#next = end + 1;
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      let lineEnd = end;
      while (lineEnd > at && isBlank(text.charCodeAt(lineEnd - 1))) lineEnd--;
      if (at >= lineEnd) continue;
      const first = text.charCodeAt(at);
      if (first === HASH) continue;
      if (first === TAB) giveUp();
      this.#at = at;
      this.#column = at - start;
      this.#lineEnd = lineEnd;
      if (this.#column === 0 && (text.startsWith('...', at) || text.startsWith('---', at) || first === 37)) {
        if (!(start <= 1 && text.startsWith('---', at))) giveUp();
      }
      return;
    }
    this.#done = true;
    this.#column = -1;
  }

  /** The node that starts on the current line; `parent` is the column of what it is part of. */
  #node(parent: number): ManifestNode {
    if (++this.#depth > deepest) giveUp();
    const result = this.#isDash(this.#at) ? this.#sequence(this.#column) : this.#mapOrValue(parent);
    this.#depth--;
    return result;
  }

  #mapOrValue(parent: number): ManifestNode {
    const key = this.#key(this.#at);
    return key ? this.#map(this.#column, key) : this.#value(this.#at, parent);
  }

  #isDash(at: number): boolean {
    return this.#text.charCodeAt(at) === DASH && (at + 1 >= this.#lineEnd || isBlank(this.#text.charCodeAt(at + 1)));
  }

  #sequence(column: number): ManifestNode {
    const start = this.#at;
    const items: ManifestNode[] = [];
    while (!this.#done && this.#column === column && this.#isDash(this.#at)) {
      const dash = this.#at;
      const content = this.#skipSpaces(dash + 1);
      if (content >= this.#lineEnd || this.#text.charCodeAt(content) === HASH) {
        this.#advance();
        // An item's content stands deeper than its dash.
        if (!this.#done && this.#column > column) items.push(this.#node(column));
        else items.push(emptyAt(this.#text, dash + 1));
      } else {
        this.#column = column + (content - dash);
        this.#at = content;
        items.push(this.#node(column));
      }
      if (!this.#done && this.#column > column) giveUp();
    }
    return sequenceNode(start, false, items);
  }

  #map(column: number, firstKey: ScalarNode): ManifestNode {
    const pairs: Pair[] = [];
    let key: ScalarNode | undefined = firstKey;
    for (;;) {
      const colon = this.#text.indexOf(':', key.end);
      const content = this.#skipSpaces(colon + 1);
      let value: ManifestNode;
      if (content >= this.#lineEnd || this.#text.charCodeAt(content) === HASH) {
        this.#advance();
        if (!this.#done && this.#column > column) value = this.#node(column);
        else if (!this.#done && this.#column === column && this.#isDash(this.#at)) value = this.#sequence(column);
        else value = emptyAt(this.#text, colon + 1);
      } else {
        if (this.#isDash(content)) giveUp();
        value = this.#value(content, column);
      }
      pairs.push(pairOf(key, value));
      if (this.#done || this.#column < column) break;
      if (this.#column > column) giveUp();
      key = this.#isDash(this.#at) ? undefined : this.#key(this.#at);
      if (!key) giveUp();
    }
    return mapNode(pairs[0]?.key.start ?? 0, false, pairs);
  }

  /** The key that stands at `at`, if a key with a colon behind it does. Leaves the line as it is. */
  #key(at: number): ScalarNode | undefined {
    const text = this.#text;
    const first = text.charCodeAt(at);
    if (first === 34 || first === 39) {
      const key = this.#flow.quoted(at, this.#lineEnd);
      let colon = key.end;
      while (text.charCodeAt(colon) === SPACE) colon++;
      return text.charCodeAt(colon) === COLON && this.#isBreak(colon + 1) ? key : undefined;
    }
    if (isIndicator(first)) {
      // `{a: b}` is a value; keys of that form, anchors and tags are for the full parser.
      if (first === 123 || first === 91 || first === 124 || first === 62) return undefined;
      giveUp();
    }
    for (let i = at; i < this.#lineEnd; i++) {
      const code = text.charCodeAt(i);
      if (code === HASH && i > at && isBlank(text.charCodeAt(i - 1))) return undefined;
      if (code !== COLON || !this.#isBreak(i + 1)) continue;
      let end = i;
      while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
      if (end === at) giveUp();
      const written = text.slice(at, end);
      if (written === '<<') giveUp();
      return scalarNode(at, end, plainScalarValue(written), 'plain');
    }
    return undefined;
  }

  #isBreak(at: number): boolean {
    return at >= this.#lineEnd || isBlank(this.#text.charCodeAt(at));
  }

  /** The value that starts at `at`, which is no map or list of its own lines; goes on to the line behind it. */
  #value(at: number, parent: number): ManifestNode {
    const text = this.#text;
    const first = text.charCodeAt(at);
    if (first === 34 || first === 39) {
      const node = this.#flow.quoted(at, this.#lineEnd);
      this.#trailing(node.end);
      this.#advance();
      return node;
    }
    if (first === 123 || first === 91) {
      const node = this.#flow.collection(at, parent);
      this.#lineEnd = this.#endOfLine(node.end);
      this.#trailing(node.end);
      this.#advance();
      return node;
    }
    if (first === 124 || first === 62) {
      const { node, next } = readBlockScalar(text, at, parent);
      this.#next = next;
      this.#advance();
      return node;
    }
    if (isIndicator(first)) giveUp();
    return this.#plain(at, parent);
  }

  #plain(at: number, parent: number): ManifestNode {
    const text = this.#text;
    let end = this.#lineEnd;
    for (let i = at; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === COLON && this.#isBreak(i + 1)) giveUp();
      if (code === HASH && i > at && isBlank(text.charCodeAt(i - 1))) {
        end = i;
        break;
      }
    }
    while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
    const node = scalarNode(at, end, plainScalarValue(text.slice(at, end)), 'plain');
    this.#advance();
    // The scalar may go on in the next line.
    if (!this.#done && this.#column > parent) giveUp();
    return node;
  }

  #endOfLine(at: number): number {
    const text = this.#text;
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    this.#next = end + 1;
    while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
    return end;
  }

  #skipSpaces(at: number): number {
    while (at < this.#lineEnd && isBlank(this.#text.charCodeAt(at))) {
      if (this.#text.charCodeAt(at) === TAB) giveUp();
      at++;
    }
    return at;
  }

  /** Nothing but a comment may follow on the line. */
  #trailing(at: number): void {
    const content = this.#skipSpaces(at);
    if (content >= this.#lineEnd) return;
    if (this.#text.charCodeAt(content) !== HASH || content === at) giveUp();
  }
}

/** Where a value would be typed: behind the colon or dash and one space, when there is one. */
function emptyAt(text: string, behind: number): ScalarNode {
  const at = text.charCodeAt(behind) === SPACE ? behind + 1 : behind;
  return scalarNode(at, at, null, 'empty');
}

/** Characters that a plain scalar may not start with here. `?`, `-` and `:` are left to the full parser before a space. */
function isIndicator(code: number): boolean {
  switch (code) {
    case 44: // ,
    case 91: // [
    case 93: // ]
    case 123: // {
    case 125: // }
    case HASH:
    case 38: // &
    case 42: // *
    case 33: // !
    case 124: // |
    case 62: // >
    case 37: // %
    case 64: // @
    case 96: // `
    case 63: // ?
    case COLON:
    case LF:
      return true;
    default:
      return false;
  }
}
