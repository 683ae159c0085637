/** Both ends of an in-memory connection. When one end is gone, so is the other, as after a reset. */
import { type Duplex, duplexPair } from 'node:stream';

export function connectionPair(): [Duplex, Duplex] {
  const [a, b] = duplexPair();
  // A peer that went away is an ordinary event: whoever wants to know listens for `close` or `error` as well.
  const ignore = (): void => undefined;
  a.on('error', ignore);
  b.on('error', ignore);
  a.once('close', () => b.destroy());
  b.once('close', () => a.destroy());
  return [a, b];
}

/** Copies bytes both ways until both directions have ended; an error on one side destroys the other. */
export function joinConnections(a: Duplex, b: Duplex): void {
  a.pipe(b);
  b.pipe(a);
  a.once('error', () => b.destroy());
  b.once('error', () => a.destroy());
  a.once('close', () => b.destroy());
  b.once('close', () => a.destroy());
}
