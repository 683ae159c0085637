import { describe, expect, it } from 'vitest';
import { EventCorrelator, type Occurrence } from './eventCorrelator.ts';

const occurrence = (message: string, more: Partial<Occurrence> = {}): Occurrence => ({
  about: { kind: 'Pod', namespace: 'n', name: 'p', uid: 'u' },
  type: 'Normal',
  reason: 'R',
  message,
  component: 'c',
  host: '',
  session: '',
  action: '',
  ...more,
});

describe('EventCorrelator', () => {
  it('counts the same event', () => {
    const correlator = new EventCorrelator();
    const first = correlator.observe(occurrence('m'), 1000);
    const second = correlator.observe(occurrence('m'), 5000);
    expect(second).toBe(first);
    expect(second).toMatchObject({ count: 2, first: 1000, last: 5000 });
  });

  it('combines the tenth and later messages for one reason', () => {
    const correlator = new EventCorrelator();
    const events = Array.from({ length: 12 }, (_, i) => correlator.observe(occurrence(`m${i}`), 1000));
    expect(new Set(events).size).toBe(10);
    expect(events[11]).toMatchObject({ message: '(combined from similar events): m11', count: 3 });
  });

  it('lets one source say 25 things about an object, then one in five minutes', () => {
    const correlator = new EventCorrelator();
    const said = (at: number, count: number) =>
      Array.from({ length: count }, () => correlator.observe(occurrence('m'), at)).filter(Boolean).length;
    expect(said(0, 40)).toBe(25);
    expect(said(299_000, 1)).toBe(0);
    expect(said(301_000, 2)).toBe(1);
    expect(correlator.observe(occurrence('m', { about: { kind: 'Pod', name: 'other' } }), 0)).toBeDefined();
  });

  it('continues a series whatever it says, until six minutes of silence', () => {
    const correlator = new EventCorrelator();
    const scheduling = (message: string, at: number) => correlator.observe(occurrence(message, { action: 'Scheduling' }), at);
    const first = scheduling('0/3 nodes', 0);
    expect(scheduling('1/3 nodes', 60_000)).toBe(first);
    expect(first).toMatchObject({ count: 2, message: '1/3 nodes' });
    expect(scheduling('0/3 nodes', 10 * 60_000)).not.toBe(first);
  });

  it('begins another series when the object has changed', () => {
    const correlator = new EventCorrelator();
    const about = { kind: 'Pod', namespace: 'n', name: 'p', uid: 'u' };
    const scheduling = (message: string, resourceVersion: string) =>
      correlator.observe(occurrence(message, { action: 'Scheduling', about: { ...about, resourceVersion } }), 0);
    const first = scheduling('0/3 nodes', '1');
    expect(scheduling('1/3 nodes', '2')).not.toBe(first);
    expect(scheduling('1/3 nodes', '2')).toMatchObject({ count: 2 });
  });

  it('does not continue what a component said before it was started anew', () => {
    const correlator = new EventCorrelator();
    const starting = (session: string) => correlator.observe(occurrence('Starting kubelet.', { session }), 0);
    expect(starting('a')).not.toBe(starting('b'));
    expect(starting('b')).toMatchObject({ count: 2 });
  });
});
