/**
 * Runs a pattern over a text in time proportional to both lengths, whatever the pattern: all ways to match go forward together,
 * the preferred one first.
 */
import { type PatternNode, PatternProblem } from './goPatternSyntax.ts';

type Step =
  | { readonly kind: 'set'; readonly has: (codePoint: number) => boolean }
  | { readonly kind: 'assert'; readonly what: (PatternNode & { kind: 'assert' })['what'] }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'match' };

export interface PatternMatch {
  /** In code points. */
  readonly start: number;
  readonly end: number;
}

/** What Go's 128 MB come to. */
const mostSteps = 3_355_443;

export class PatternProgram {
  readonly #steps: Step[] = [];

  /** Throws PatternProblem when it would take too many steps. */
  constructor(node: PatternNode, pattern: string) {
    if (sizeOf(node) > mostSteps) throw new PatternProblem('expression too large', pattern);
    this.#add(node);
    this.#steps.push({ kind: 'match' });
  }

  #add(node: PatternNode): void {
    switch (node.kind) {
      case 'set':
      case 'assert':
        this.#steps.push(node);
        break;
      case 'all':
        for (const each of node.nodes) this.#add(each);
        break;
      case 'any':
        this.#alternatives(node.nodes);
        break;
      case 'repeat': {
        const { node: inner, min, max, isLazy } = node;
        for (let i = 0; i < min - 1; i++) this.#add(inner);
        if (max === Infinity && min > 0) this.#oneOrMore(inner, isLazy);
        else {
          if (min > 0) this.#add(inner);
          // `x*` is written `(x+)?`, which is the same unless x may be empty.
          if (max === Infinity) this.#optional(() => this.#oneOrMore(inner, isLazy), isLazy);
          else this.#upTo(max - min, inner, isLazy);
        }
      }
    }
  }

  #alternatives(nodes: readonly PatternNode[]): void {
    const ends: (Step & { kind: 'split' })[] = [];
    for (const [i, node] of nodes.entries()) {
      const isLast = i === nodes.length - 1;
      const split = isLast ? undefined : this.#split();
      this.#add(node);
      if (isLast) break;
      ends.push(this.#split());
      if (split) split.second = this.#steps.length;
    }
    for (const end of ends) end.first = end.second = this.#steps.length;
  }

  /** To the next step first, unless told otherwise. */
  #split(): Step & { kind: 'split' } {
    const next = this.#steps.length + 1;
    const split: Step & { kind: 'split' } = { kind: 'split', first: next, second: next };
    this.#steps.push(split);
    return split;
  }

  #oneOrMore(node: PatternNode, isLazy: boolean): void {
    const start = this.#steps.length;
    this.#add(node);
    const split = this.#split();
    if (isLazy) split.second = start;
    else split.first = start;
  }

  #optional(add: () => void, isLazy: boolean): void {
    const split = this.#split();
    add();
    if (isLazy) split.first = this.#steps.length;
    else split.second = this.#steps.length;
  }

  #upTo(times: number, node: PatternNode, isLazy: boolean): void {
    const splits: (Step & { kind: 'split' })[] = [];
    for (let i = 0; i < times; i++) {
      splits.push(this.#split());
      this.#add(node);
    }
    for (const split of splits) {
      if (isLazy) split.first = this.#steps.length;
      else split.second = this.#steps.length;
    }
  }

  /** The first match at or after `from`; with `anywhere` it is enough that there is one. */
  find(text: readonly number[], from = 0, anywhere = false): PatternMatch | undefined {
    const steps = this.#steps;
    const seen = new Int32Array(steps.length).fill(-1);
    let threads: number[] = [];
    let starts: number[] = [];
    let found: PatternMatch | undefined;
    for (let at = from; at <= text.length; at++) {
      const nextThreads: number[] = [];
      const nextStarts: number[] = [];
      // Where the threads that survived stand now, in order of preference, and a new one that would begin here.
      const waiting = found ? threads : [...threads, 0];
      const since = found ? starts : [...starts, at];
      for (let i = 0; i < waiting.length; i++) {
        const start = since[i] ?? at;
        const stack = [waiting[i] ?? 0];
        let isDone = false;
        while (stack.length > 0) {
          const place = stack.pop() ?? 0;
          if (seen[place] === at) continue;
          seen[place] = at;
          const step = steps[place];
          if (step?.kind === 'split') stack.push(step.second, step.first);
          else if (step?.kind === 'assert') {
            if (isHeld(step.what, text, at)) stack.push(place + 1);
          } else if (step?.kind === 'match') {
            found = { start, end: at };
            isDone = true;
            break;
          } else if (step && at < text.length && step.has(text[at] ?? 0)) {
            nextThreads.push(place + 1);
            nextStarts.push(start);
          }
        }
        // What is less preferred than a match no longer matters.
        if (isDone) break;
      }
      if (found && (anywhere || nextThreads.length === 0)) return found;
      [threads, starts] = [nextThreads, nextStarts];
    }
    return found;
  }
}

/** In steps, roughly. */
function sizeOf(node: PatternNode): number {
  if (node.kind === 'set' || node.kind === 'assert') return 1;
  if (node.kind === 'repeat') return (sizeOf(node.node) + 1) * Math.max(1, node.max === Infinity ? node.min : node.max);
  return node.nodes.reduce((sum, each) => sum + sizeOf(each) + 1, 0);
}

function isHeld(what: (PatternNode & { kind: 'assert' })['what'], text: readonly number[], at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === 10;
    case 'lineEnd':
      return at === text.length || text[at] === 10;
    default:
      return (isWord(text[at - 1]) !== isWord(text[at])) === (what === 'word');
  }
}

const isWord = (code: number | undefined): boolean => code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code));
