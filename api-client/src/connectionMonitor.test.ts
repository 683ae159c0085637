import { describe, expect, it } from 'vitest';
import { ConnectionMonitor } from './connectionMonitor.ts';

describe('a cluster that several watches follow', () => {
  const error = new Error('gone');
  function monitored() {
    const monitor = new ConnectionMonitor();
    const said: string[] = [];
    monitor.onChange(({ state, problem }) => said.push(problem ? `${state}: ${problem}` : state));
    return { said, a: monitor.line(), b: monitor.line() };
  }

  it('is live with the first that is answered, also by a refusal', () => {
    const { said, a, b } = monitored();
    a.refused();
    b.open();
    expect(said).toEqual(['live']);
  });

  it('is lost when the last is gone, and live again with the first that is back', () => {
    const { said, a, b } = monitored();
    a.open();
    b.open();
    a.trying();
    a.missed(error);
    a.trying();
    a.missed(error);
    expect(said).toEqual(['live']);
    b.trying();
    b.missed(error);
    b.trying();
    b.missed(error);
    expect(said).toEqual(['live', 'lost: gone']);
    a.trying();
    a.open();
    b.trying();
    b.open();
    expect(said).toEqual(['live', 'lost: gone', 'live']);
  });

  it('is not back by an answer to what was asked before it was lost', () => {
    const { said, a, b } = monitored();
    b.trying();
    a.missed(error);
    b.open();
    expect(said).toEqual(['lost: gone']);
    a.trying();
    a.open();
    expect(said).toEqual(['lost: gone', 'live']);
  });
});
