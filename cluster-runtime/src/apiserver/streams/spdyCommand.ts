/**
 * exec and attach over SPDY: the client opens a stream for each of error, stdin, stdout, stderr and resize, named by the
 * header `streamtype`; the command starts when all that were asked for are there.
 */
import type { Writable } from 'node:stream';
import type { Exchange } from '../http/exchange.ts';
import { type CommandOptions, type CommandStreams, reportOf, ResizeReader } from './commandStreams.ts';
import { SpdyConnection, type SpdyStream } from './spdyConnection.ts';
import { upgradeToSpdy } from './upgrade.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const withResize = new Set(protocols.slice(0, 3));

/** Undefined when the client went away before it had opened its streams. */
export async function acceptSpdyCommand(exchange: Exchange, options: CommandOptions): Promise<CommandStreams | undefined> {
  const { transport, protocol } = upgradeToSpdy(exchange, protocols);
  const expected = new Set(['error']);
  for (const name of ['stdin', 'stdout', 'stderr'] as const) if (options[name]) expected.add(name);
  if (options.tty && withResize.has(protocol)) expected.add('resize');

  const streams = new Map<string, SpdyStream>();
  const gone = new AbortController();
  let ready: (complete: boolean) => void = () => undefined;
  const complete = new Promise<boolean>((resolve) => (ready = resolve));
  const connection = new SpdyConnection(transport, (stream) => {
    const type = stream.headers.get('streamtype') ?? '';
    if (!expected.has(type) || streams.has(type)) {
      stream.destroy();
      return;
    }
    streams.set(type, stream);
    if (streams.size === expected.size) ready(true);
  });
  void connection.run().finally(() => {
    gone.abort();
    ready(false);
  });
  if (!(await complete)) return undefined;

  const resizes = new ResizeReader();
  streams.get('resize')?.on('data', (chunk: Buffer) => resizes.add(chunk.toString()));
  const stdout = streams.get('stdout');
  const stderr = streams.get('stderr');
  return {
    stdin: streams.get('stdin'),
    stdout,
    stderr,
    onResize: (listener) => resizes.listen(listener),
    signal: gone.signal,
    async finish(status) {
      await Promise.all([ended(stdout), ended(stderr)]);
      const error = streams.get('error');
      const report = reportOf(status, protocol);
      if (report) error?.write(report);
      await ended(error);
      await connection.flush();
      connection.close();
    },
  };
}

const ended = (stream: Writable | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!stream || stream.destroyed || stream.writableFinished) return resolve();
    stream.once('close', () => resolve());
    if (stream.writableEnded) stream.once('finish', () => resolve());
    else stream.end(() => resolve());
  });
