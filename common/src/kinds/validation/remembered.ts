/**
 * A cluster validates the same few texts (label keys, node names, domains) over and over. This remembers those that
 * passed, up to a bound, so that the patterns run once per text; texts with problems are judged anew each time.
 */
const mostTexts = 4096;

export function remembered(problems: (text: string) => readonly string[]): (text: string) => boolean {
  let passed = new Set<string>();
  return (text) => {
    if (passed.has(text)) return true;
    if (problems(text).length > 0) return false;
    if (passed.size >= mostTexts) passed = new Set();
    passed.add(text);
    return true;
  };
}
