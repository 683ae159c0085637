/**
 * Regular expressions of schemas, which are written for Go. What Go spells otherwise than JavaScript is translated; each
 * pattern is compiled once.
 *
 * Differs from Kubernetes: a pattern that JavaScript still does not understand matches everything.
 */
const compiled = new Map<string, RegExp | undefined>();
const mostCompiled = 1000;

export function matchesPattern(pattern: string, value: string): boolean {
  let regex = compiled.get(pattern);
  if (regex === undefined && !compiled.has(pattern)) {
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(pattern, (regex = compile(pattern)));
  }
  return regex ? regex.test(value) : true;
}

function compile(pattern: string): RegExp | undefined {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  const source = translate(rest);
  // Strict syntax first; patterns with needless escapes, which Go accepts, pass only without it.
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(source, flags + unicode);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: 'A-Za-z0-9_',
  xdigit: 'A-Fa-f0-9',
};

const translate = (source: string): string =>
  source
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<')
    .replace(/\\p([A-Z])(?!\{)/g, '\\p{$1}')
    .replace(/\[:(\w+):\]/g, (all, name: string) => (Object.hasOwn(classes, name) ? (classes[name] ?? all) : all));
