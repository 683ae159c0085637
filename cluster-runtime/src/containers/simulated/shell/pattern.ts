/** Shell patterns (`*`, `?`, `[a-z]`) as regular expressions. Quoted characters come escaped with a backslash. */

export function patternSource(pattern: string, options: { path?: boolean } = {}): string {
  const any = options.path ? '[^/]' : '[^]';
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '\\' && i + 1 < pattern.length) source += escapeRegex(pattern[++i] as string);
    else if (char === '*') source += `${any}*`;
    else if (char === '?') source += any;
    else if (char === '[') {
      const end = pattern.indexOf(']', i + (/[!^]/.test(pattern[i + 1] ?? '') ? 3 : 2));
      if (end < 0) source += '\\[';
      else {
        const inside = pattern
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replaceAll(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '');
        source += `[${inside.replaceAll(/[\\[]/g, '\\$&')}]`;
        i = end;
      }
    } else source += escapeRegex(char);
  }
  return source;
}

export function matchesPattern(text: string, pattern: string): boolean {
  return new RegExp(`^${patternSource(pattern)}$`, 'u').test(text);
}

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}

export function unescapePattern(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, '$1');
}

export function hasWildcard(pattern: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*[*?[]/.test(pattern);
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\r\\f\\v',
  blank: ' \\t',
  punct: '!-/:-@\\[-`{-~',
  xdigit: '0-9a-fA-F',
};

function escapeRegex(char: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char;
}
