/** Names of time zones, as the tz database spells them. */
const known = new Map<string, boolean>();
const maxKnown = 1000;
const shape = /^[A-Z][A-Za-z0-9_+-]*(\/[A-Z0-9][A-Za-z0-9_+-]*)*$/;

/** Case counts, unlike in most programs: names are files. */
export function isTimeZone(name: string): boolean {
  let is = known.get(name);
  if (is === undefined) {
    is = shape.test(name) && exists(name);
    if (known.size >= maxKnown) known.clear();
    known.set(name, is);
  }
  return is;
}

function exists(name: string): boolean {
  try {
    const canonical = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return canonical === name || canonical.toLowerCase() !== name.toLowerCase();
  } catch (error) {
    // Not a zone: the one thing that the constructor refuses here.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
