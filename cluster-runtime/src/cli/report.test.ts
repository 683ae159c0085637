import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReport, type Output, table } from './report.ts';

/** What a person sees on a screen that understands the two control sequences that the report uses. */
class Screen implements Output {
  readonly isTTY: boolean;
  readonly columns = 30;
  readonly rows: number;
  lines: string[] = [''];

  constructor(isTTY = true, rows = 24) {
    this.isTTY = isTTY;
    this.rows = rows;
  }

  write(text: string): void {
    const up = /^\x1b\[(\d+)A\x1b\[J$/.exec(text);
    if (up) {
      this.lines = [...this.lines.slice(0, this.lines.length - 1 - Number(up[1])), ''];
      return;
    }
    const [first = '', ...rest] = text.split('\n');
    this.lines[this.lines.length - 1] += first;
    this.lines.push(...rest);
  }

  get text(): string {
    return this.lines.join('\n');
  }
}

let noColor: string | undefined;
beforeEach(() => {
  noColor = process.env['NO_COLOR'];
  process.env['NO_COLOR'] = '1';
});
afterEach(() => {
  if (noColor === undefined) delete process.env['NO_COLOR'];
  else process.env['NO_COLOR'] = noColor;
});

describe('on a terminal', () => {
  it('changes lines in place, below those that stay', () => {
    const screen = new Screen();
    const report = createReport(screen, screen);
    report.line('shop');
    const a = report.live('… a  0/1 ready');
    const b = report.live('… b  0/2 ready');
    expect(screen.text).toBe('shop\n… a  0/1 ready\n… b  0/2 ready\n');
    b.update('… b  1/2 ready');
    report.problem('warn: port taken');
    expect(screen.text).toBe('shop\nwarn: port taken\n… a  0/1 ready\n… b  1/2 ready\n');
    b.settle('✓ b  2/2 ready');
    expect(screen.text).toBe('shop\nwarn: port taken\n✓ b  2/2 ready\n… a  0/1 ready\n');
    b.update('… b again');
    a.settle('✓ a  1/1 ready');
    report.line('done');
    expect(screen.text).toBe('shop\nwarn: port taken\n✓ b  2/2 ready\n✓ a  1/1 ready\ndone\n');
  });

  it('cuts lines that would wrap while they change, and shows them whole at the end', () => {
    const screen = new Screen();
    const long = `✗ pod/a  ${'x'.repeat(40)}`;
    const line = createReport(screen, screen).live(long);
    expect(screen.text).toBe(`${long.slice(0, 28)}…\n`);
    line.settle(long);
    expect(screen.text).toBe(`${long}\n`);
  });

  it('draws no more than fits on the screen', () => {
    const screen = new Screen(true, 5);
    const report = createReport(screen, screen);
    const lines = ['a', 'b', 'c', 'd', 'e'].map((name) => report.live(`… ${name}`));
    expect(screen.text).toBe('… a\n… b\n… c\n  … and 2 more\n');
    for (const [i, line] of lines.entries()) line.settle(`✓ ${i}`);
    expect(screen.text).toBe('✓ 0\n✓ 1\n✓ 2\n✓ 3\n✓ 4\n');
  });

  it('colors the marks', () => {
    delete process.env['NO_COLOR'];
    const screen = new Screen();
    createReport(screen, screen).live('  … a').settle('  ✓ a');
    expect(screen.text).toBe('  \x1b[32m✓\x1b[39m a\n');
  });
});

it('prints plain lines into a pipe, each once', () => {
  const out = new Screen(false);
  const err = new Screen(false);
  const report = createReport(out, err);
  const line = report.live('… a');
  line.update('… a  1/2');
  report.problem('warn: port taken');
  line.settle('✓ a  2/2');
  report.line();
  expect(out.text).toBe('✓ a  2/2\n\n');
  expect(err.text).toBe('warn: port taken\n');
});

it('sets columns by their widest cell', () => {
  expect(table([['NODE', 'STATUS'], ['node-1', 'Ready']])).toEqual(['NODE    STATUS', 'node-1  Ready']); // prettier-ignore
});
