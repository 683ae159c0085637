import { expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { LineLog } from './containerLog.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('cuts lines wherever the writes end, and keeps streams apart', () => {
  const log = new LineLog(new SteppedClock(0));
  log.write('stdout', bytes('one\ntw'));
  log.write('stderr', bytes('error\n'));
  log.write('stdout', bytes('o\n\nü'.slice(0, 3)));
  log.write('stdout', bytes('ü\n').subarray(0, 1));
  log.write('stdout', bytes('ü\n').subarray(1));
  expect(log.lines().map(({ stream, text }) => `${stream} ${text}`)).toEqual([
    'stdout one',
    'stderr error',
    'stdout two',
    'stdout ',
    'stdout ü',
  ]);
});

test('splits very long lines', () => {
  const log = new LineLog(new SteppedClock(0));
  log.write('stdout', bytes(`${'x'.repeat(20_000)}\n`));
  expect(log.lines().map(({ text, partial }) => [text.length, partial])).toEqual([
    [16_384, true],
    [3616, undefined],
  ]);
});

test('keeps the newest part only', () => {
  const log = new LineLog(new SteppedClock(0));
  for (let i = 0; i < 5000; i++) log.write('stdout', bytes(`${i} ${'x'.repeat(995)}\n`));
  const lines = log.lines();
  expect(lines.at(-1)?.text).toMatch(/^4999 /);
  expect(lines.length).toBeGreaterThan(900);
  expect(lines.length).toBeLessThan(1100);
});

test('shared opening lines come first, for readers and for followers', () => {
  const log = new LineLog(new SteppedClock(7));
  log.open('stderr', ['starting', 'ready']);
  log.write('stdout', bytes('request\n'));
  expect(log.lines().map(({ text }) => text)).toEqual(['starting', 'ready', 'request']);
  const followed = new LineLog(new SteppedClock(7));
  const seen: (string | undefined)[] = [];
  followed.follow((line) => seen.push(line?.text));
  followed.open('stderr', ['starting']);
  followed.end();
  expect(seen).toEqual(['starting', undefined]);
});
