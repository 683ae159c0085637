/** Lists of completion indexes as Jobs write them: `0,2-4,7`, growing. */

/** How many indexes `text` lists, or what is wrong with it. `completions` bounds them. */
export function countIndexes(text: string, completions: number): { count: number } | { problem: string } {
  let count = 0;
  let previous = -1;
  for (const part of text === '' ? [] : text.split(',')) {
    const [from, to] = part.includes('-') ? splitOnce(part) : [part, undefined];
    const ends: number[] = [];
    for (const end of to === undefined ? [from] : [from, to]) {
      if (!/^\d+$/.test(end)) return { problem: `cannot convert string to integer for index: ${JSON.stringify(end)}` };
      const index = Number(end);
      if (index >= completions) return { problem: `too large index: ${JSON.stringify(end)}` };
      const before = ends[0] ?? previous;
      if (index <= before) return { problem: `non-increasing order, previous: ${before}, current: ${index}` };
      ends.push(index);
    }
    const [first = 0, last = first] = ends;
    count += last - first + 1;
    previous = last;
  }
  return { count };
}

function splitOnce(part: string): [string, string] {
  const dash = part.indexOf('-');
  return [part.slice(0, dash), part.slice(dash + 1)];
}
