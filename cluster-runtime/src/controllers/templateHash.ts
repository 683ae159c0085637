/** Short hashes that tell pod templates apart, in the letters that names and labels may have. */

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A stable hash of JSON data: equal data give equal hashes whatever the order of keys. `collisions` gives another one
 * for the same data.
 *
 * Differs from Kubernetes: it hashes Go's memory layout of the template, so its hashes are others; both are opaque.
 */
export function hashOf(data: unknown, collisions?: number): string {
  let hash = fnv32a(canonical(data), 0x811c9dc5);
  if (collisions !== undefined) hash = fnv32a(`#${collisions}`, hash);
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** FNV-1a over the UTF-16 code units, low byte first. */
function fnv32a(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** JSON with sorted keys. What is absent, null or empty is the same to the API and gives the same text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, child]) => child !== undefined && child !== null && !(Array.isArray(child) && child.length === 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${canonical(child)}`).join(',')}}`;
}
