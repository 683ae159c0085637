/**
 * Parses JSON the way the API server needs it: duplicate keys are reported, syntax errors have Kubernetes' words, and no
 * depth of nesting and no key (`__proto__`) does harm. Costs little more than JSON.parse when the text has no key twice.
 *
 * Differs from Kubernetes: numbers are JavaScript's, so that integers beyond 2^53 are rounded; of a key that is there
 * twice only the last value counts, where Kubernetes merges two maps.
 */
import { endOfString, type JsonLayout, readLayout } from './jsonLayout.ts';
import { jsonSyntaxProblem } from './jsonSyntax.ts';

export interface ParsedJson {
  value: unknown;
  /** Paths of the keys that are there twice, in the order of the text. */
  duplicates: readonly string[];
  /** Only when there are duplicates, or numbers that JavaScript prints otherwise. */
  layout?: JsonLayout;
}

/** The text is not JSON. The message is Kubernetes', without any wrapping. */
export class JsonSyntaxError extends Error {}

/** As deep as Kubernetes goes. */
const maxDepth = 10_000;
const noDuplicates: readonly string[] = [];

export function parseJson(text: string): ParsedJson {
  const shape = measure(text);
  if (shape.depth > maxDepth) throw new JsonSyntaxError(jsonSyntaxProblem(text, maxDepth));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonSyntaxError(jsonSyntaxProblem(text, maxDepth));
  }
  if (!shape.oddNumbers && countKeys(value) === shape.keys) return { value, duplicates: noDuplicates };
  const layout = readLayout(text);
  return { value, duplicates: layout.duplicates.map((duplicate) => duplicate.path), layout };
}

/** The number of keys and the depth, read off the text without parsing it, and whether a number deserves a closer look. */
function measure(text: string): { keys: number; depth: number; oddNumbers: boolean } {
  let oddNumbers = false;
  let digits = 0;
  let keys = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (++digits > 15) oddNumbers = true;
      continue;
    }
    // A fraction or an exponent: neither a point nor an `e` follows a digit elsewhere.
    if (digits > 0 && (code === 46 || code === 101 || code === 69)) oddNumbers = true;
    digits = 0;
    switch (code) {
      case 34: // "
        at = endOfString(text, at) - 1;
        break;
      case 58: // :
        keys++;
        break;
      case 123: // {
      case 91: // [
        if (++depth > deepest) deepest = depth;
        break;
      case 125: // }
      case 93: // ]
        depth--;
        break;
    }
  }
  return { keys, depth: deepest, oddNumbers };
}

/** The number of keys in all objects of a value; without recursion, because it may be ten thousand levels deep. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const pending: object[] = [value];
  let count = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (Array.isArray(next)) {
      for (const item of next as unknown[]) if (typeof item === 'object' && item !== null) pending.push(item);
      continue;
    }
    const record = next as Record<string, unknown>;
    for (const key in record) {
      count++;
      const inner = record[key];
      if (typeof inner === 'object' && inner !== null) pending.push(inner);
    }
  }
  return count;
}
