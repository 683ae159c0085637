/**
 * exec and attach over a WebSocket: the first byte of a message is its channel (0 stdin, 1 stdout, 2 stderr, 3 error,
 * 4 resize, 255 closes another). The base64 variants carry the same in text.
 */
import { Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Exchange } from '../http/exchange.ts';
import { type CommandOptions, type CommandStreams, reportOf, ResizeReader } from './commandStreams.ts';
import { upgradeToWebSocket } from './upgrade.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

const protocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'v3.channel.k8s.io',
  'v3.base64.channel.k8s.io',
  'v2.channel.k8s.io',
  'v2.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];

/** How much input may wait for the command before the client is held back. */
const maxUnread = 1024 * 1024;

export const toBuffer = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);

/** Messages of one WebSocket by channel, in binary or in base64 text. */
export class ChannelSocket {
  readonly webSocket: WebSocket;
  readonly #base64: boolean;

  constructor(webSocket: WebSocket, base64: boolean) {
    this.webSocket = webSocket;
    this.#base64 = base64;
  }

  /** Calls back for each message; malformed ones are dropped. */
  onMessage(listener: (channelNumber: number, data: Buffer) => void): void {
    this.webSocket.on('message', (raw) => {
      const bytes = toBuffer(raw);
      if (bytes.length === 0) return;
      const first = bytes[0] ?? 0;
      if (this.#base64) listener(first - 48, Buffer.from(bytes.toString('latin1', 1), 'base64'));
      else listener(first, bytes.subarray(1));
    });
  }

  send(channelNumber: number, data: Buffer, done?: (error?: Error | null) => void): void {
    const message = this.#base64
      ? `${channelNumber}${data.toString('base64')}`
      : Buffer.concat([Buffer.from([channelNumber]), data]);
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.send(message, (error) => done?.(error));
    else done?.();
  }

  writable(channelNumber: number): Writable {
    // That the client is gone is told by the close of the socket; nobody listens to this stream.
    return new Writable({ write: (chunk: Buffer, _encoding, done) => this.send(channelNumber, chunk, () => done()) });
  }
}

/** The input that the client sends, held back while nobody reads it. */
export function inputOf(webSocket: WebSocket): Readable {
  return new Readable({
    read() {
      if (webSocket.isPaused) webSocket.resume();
    },
  });
}

export function pushInput(webSocket: WebSocket, input: Readable, data: Buffer | null): void {
  if (input.readableEnded || input.destroyed) return;
  input.push(data);
  if (input.readableLength > maxUnread) webSocket.pause();
}

export async function acceptWebSocketCommand(exchange: Exchange, options: CommandOptions): Promise<CommandStreams> {
  const { webSocket, protocol } = await upgradeToWebSocket(exchange, protocols);
  const socket = new ChannelSocket(webSocket, protocol.includes('base64'));
  const gone = new AbortController();
  const resizes = new ResizeReader();
  const stdin = options.stdin ? inputOf(webSocket) : undefined;
  socket.onMessage((number, data) => {
    if (number === channel.stdin && stdin) pushInput(webSocket, stdin, data);
    else if (number === channel.resize) resizes.add(data.toString());
    else if (number === channel.close && data[0] === channel.stdin && stdin) pushInput(webSocket, stdin, null);
  });
  webSocket.on('close', () => {
    gone.abort();
    if (stdin) pushInput(webSocket, stdin, null);
  });
  // The close event follows every error.
  webSocket.on('error', () => undefined);
  const stdout = options.stdout ? socket.writable(channel.stdout) : undefined;
  const stderr = options.stderr ? socket.writable(channel.stderr) : undefined;
  // Tells clients that wait for a first message that the connection stands.
  socket.send(options.stdout ? channel.stdout : options.stderr ? channel.stderr : channel.error, Buffer.alloc(0));
  return {
    stdin,
    stdout,
    stderr,
    onResize: (listener) => resizes.listen(listener),
    signal: gone.signal,
    async finish(status) {
      await Promise.all([drained(stdout), drained(stderr)]);
      const report = reportOf(status, protocol);
      if (report) await new Promise<void>((resolve) => socket.send(channel.error, report, () => resolve()));
      webSocket.close(1000);
    },
  };
}

/** Resolves when everything written has been handed to the socket. */
const drained = (stream: Writable | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!stream || stream.destroyed || stream.writableFinished) resolve();
    else if (stream.writableEnded) stream.once('close', () => resolve());
    else stream.end(() => resolve());
  });
