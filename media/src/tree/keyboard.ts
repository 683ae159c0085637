/** What a key does in the tree, as in the editor's own trees. Pure, but for the time between two typed letters. */
import type { Clock } from '#common/base/clock.ts';
import type { Lines } from './lines.ts';

export interface Move {
  /** The line to go to. */
  readonly to?: number;
  /** Opens (true) or closes (false) the active row. */
  readonly expand?: boolean;
  /** Shows the active row's object. */
  readonly open?: true;
}

/** `at` is the active line, -1 for none; `page` how many lines are on the screen. Undefined: not the tree's key. */
export function moveFor(key: string, lines: Lines, at: number, page: number): Move | undefined {
  const last = lines.length - 1;
  const within = (index: number): Move => ({ to: Math.min(Math.max(index, 0), last) });
  const line = at < 0 ? undefined : lines.at(at);
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + page);
    case 'PageUp':
      return within(at - page);
    case 'Home':
      return within(0);
    case 'End':
      return within(last);
    case 'ArrowRight':
      if (line?.expanded === false) return { expand: true };
      return line?.expanded ? within(at + 1) : {};
    case 'ArrowLeft':
      if (line?.expanded) return { expand: false };
      return line && line.depth > 0 ? within(parentOf(lines, at)) : {};
    case ' ':
      return line?.expanded === undefined ? {} : { expand: !line.expanded };
    case 'Enter':
      return { open: true };
    default:
      return undefined;
  }
}

function parentOf(lines: Lines, at: number): number {
  const depth = lines.at(at)?.depth ?? 0;
  for (let i = at - 1; i >= 0; i--) if ((lines.at(i)?.depth ?? 0) < depth) return i;
  return at;
}

const pauseMs = 800;

/** Letters typed in a row go to the next line that begins with them. */
export class TypeToFind {
  readonly #clock: Clock;
  #typed = '';
  #last = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(key: string, lines: Lines, at: number): Move | undefined {
    if ([...key].length !== 1) return undefined;
    const now = this.#clock.now();
    this.#typed = (now - this.#last > pauseMs ? '' : this.#typed) + key.toLowerCase();
    this.#last = now;
    // A first letter looks further; those after it may stay where they are.
    const from = this.#typed.length > 1 ? Math.max(at, 0) : at + 1;
    for (let i = 0; i < lines.length; i++) {
      const index = (from + i) % lines.length;
      if (lines.at(index)?.row.name.toLowerCase().startsWith(this.#typed)) return { to: index };
    }
    return {};
  }
}
