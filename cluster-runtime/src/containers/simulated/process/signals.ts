/** The signals that simulated processes know, with Linux' numbers. */

const numbers = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  WINCH: 28,
} as const;

export type Signal = keyof typeof numbers;

export function signalNumber(signal: Signal): number {
  return numbers[signal];
}

/** `TERM`, `SIGTERM`, `15` … */
export function parseSignal(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (Object.hasOwn(numbers, name)) return name as Signal;
  return (Object.keys(numbers) as Signal[]).find((signal) => String(numbers[signal]) === text);
}

/** These do nothing to a process that has not asked for them. */
export function ignoredByDefault(signal: Signal): boolean {
  return signal === 'CHLD' || signal === 'CONT' || signal === 'WINCH' || signal === 'STOP' || signal === 'TSTP';
}

export const signalNames: readonly Signal[] = Object.keys(numbers) as Signal[];
