/**
 * What JSON.parse does not tell about a text: which keys are there twice, in which order everything stands, and how numbers
 * were written. Made only for the few texts where one of these matters.
 */

export interface DuplicateKey {
  /** As Kubernetes writes it: `spec.containers[0].name`. */
  path: string;
  steps: (string | number)[];
  position: number;
}

export interface JsonLayout {
  duplicates: DuplicateKey[];
  /** Path of every key → the position of its first occurrence. */
  positions: Map<string, number>;
  /** Path → the text of a number that JavaScript would print otherwise: `1.0`, `1e3`, `12345678901234567890`. */
  numbers: Map<string, string>;
}

interface Frame {
  path: string;
  steps: (string | number)[];
  /** The keys so far, or undefined for a list. */
  keys: Set<string> | undefined;
  index: number;
}

/** Walks a text that is known to be valid JSON, without recursion. */
export function readLayout(text: string): JsonLayout {
  const layout: JsonLayout = { duplicates: [], positions: new Map(), numbers: new Map() };
  const frames: Frame[] = [];
  let nextPath = '';
  let nextSteps: (string | number)[] = [];
  for (let at = 0; at < text.length; at++) {
    const frame = frames.at(-1);
    switch (text[at]) {
      case '{':
      case '[':
        if (frame && !frame.keys) {
          nextPath = `${frame.path}[${frame.index}]`;
          nextSteps = [...frame.steps, frame.index];
        }
        frames.push({ path: nextPath, steps: nextSteps, keys: text[at] === '{' ? new Set() : undefined, index: 0 });
        break;
      case '}':
      case ']':
        frames.pop();
        break;
      case ',':
        if (frame && !frame.keys) frame.index++;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (frame?.keys && isKey(text, end)) {
          const key = JSON.parse(text.slice(at, end)) as string;
          nextPath = frame.path ? `${frame.path}.${key}` : key;
          nextSteps = [...frame.steps, key];
          if (frame.keys.has(key)) layout.duplicates.push({ path: nextPath, steps: nextSteps, position: at });
          else if (!layout.positions.has(nextPath)) layout.positions.set(nextPath, at);
          frame.keys.add(key);
        }
        at = end - 1;
        break;
      }
      default: {
        const number = numberAt(text, at);
        if (number === undefined) break;
        const path = frame && !frame.keys ? `${frame.path}[${frame.index}]` : nextPath;
        if (String(Number(number)) === number) layout.numbers.delete(path);
        else layout.numbers.set(path, number);
        at += number.length - 1;
      }
    }
  }
  return layout;
}

/** The position behind the string that starts at `start`. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

const numberPattern = /-?\d[\d.eE+-]*/y;

function numberAt(text: string, at: number): string | undefined {
  numberPattern.lastIndex = at;
  return numberPattern.exec(text)?.[0];
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return text[at] === ':';
}
