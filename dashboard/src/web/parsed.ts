/** A message's JSON, or undefined for anything else: a page may send what it likes. */
export function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
