/** Between Node's streams, which reach outside the cluster, and the byte streams of simulated processes. */
import type { Readable, Writable } from 'node:stream';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import type { ByteSink, Pipe } from './byteStream.ts';
import { Terminal } from './terminal.ts';

export function writableSink(stream: Writable): ByteSink {
  return {
    get broken() {
      return stream.destroyed || stream.writableEnded;
    },
    write(bytes) {
      if (stream.destroyed || stream.writableEnded) return undefined;
      if (stream.write(bytes)) return undefined;
      return new Promise((resolve) => {
        const done = (): void => {
          stream.off('drain', done);
          stream.off('close', done);
          resolve();
        };
        stream.on('drain', done);
        stream.on('close', done);
      });
    },
  };
}

/** Feeds `stream` into a process' input, until disposed. Closes that input at the end, unless told not to. */
export function pumpInput(stream: Readable, target: Pipe | Terminal, close = true): Disposable {
  const onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (target instanceof Terminal) return target.type(bytes);
    const wait = target.write(bytes);
    if (!wait) return;
    stream.pause();
    void wait.then(() => stream.resume());
  };
  const onEnd = (): void => {
    if (close) (target instanceof Terminal ? target.source : target).close();
  };
  stream.on('data', onData);
  stream.once('end', onEnd);
  stream.once('close', onEnd);
  if (stream.readableEnded || stream.destroyed) onEnd();
  return toDisposable(() => {
    stream.off('data', onData);
    stream.off('end', onEnd);
    stream.off('close', onEnd);
  });
}
