/**
 * Where the keys of a JSON text are: made only for texts that have a key twice, to say which, and to bring complaints about
 * fields into the order of the text.
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
  const layout: JsonLayout = { duplicates: [], positions: new Map() };
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
    }
  }
  return layout;
}

/** The position behind the string that starts at `start`. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return text[at] === ':';
}
