/**
 * Runs a command in a container, over a WebSocket: the first byte of each message is its channel (0 stdin, 1 stdout,
 * 2 stderr, 3 the end's Status, 4 the terminal's size, 255 closes another).
 */
import type { Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Status } from '#common/api/status.ts';
import type { ApiClient } from '../apiClient.ts';
import { resourcePath, withQuery } from '../apiPath.ts';
import { ConnectionError } from '../connectionError.ts';
import { errorOfStatus } from '../refusal.ts';

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

export interface ExecStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** With a terminal there is no separate error output. */
  readonly stderr?: Writable;
  readonly tty?: boolean;
  /** Calls back with the terminal's size, at once and whenever it changes; gives back what ends that. */
  onResize?(listener: (columns: number, rows: number) => void): { dispose(): void };
}

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
/** Only the first can end stdin without ending the command. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** How much input may wait in the socket before its source is held back. */
const maxBuffered = 1024 * 1024;

/** Resolves with the command's exit code. Rejects with ApiError when it could not be started, or when the signal aborts. */
export async function execInPod(
  api: ApiClient,
  { namespace, pod, container }: ExecTarget,
  command: readonly string[],
  streams: ExecStreams,
  signal: AbortSignal,
): Promise<number> {
  const { stdin, stdout, stderr, tty = false } = streams;
  const query = {
    command,
    container,
    stdin: stdin && true,
    stdout: stdout && true,
    stderr: stderr && !tty && true,
    tty: tty || undefined,
  };
  const path = withQuery(`${resourcePath('v1', 'pods', namespace, pod)}/exec`, query);
  const socket = await api.openWebSocket(path, protocols, signal);
  let status: Status | undefined;
  let closed = (): void => undefined;
  const end = new Promise<void>((resolve) => (closed = resolve));
  socket.once('close', closed);
  socket.on('message', (raw) => {
    const bytes = bytesOf(raw);
    const data = bytes.subarray(1);
    if (bytes[0] === channel.error) status = JSON.parse(data.toString()) as Status;
    else if (bytes[0] === channel.stdout) write(socket, stdout, data);
    else if (bytes[0] === channel.stderr) write(socket, stderr, data);
  });
  const onAbort = (): void => socket.terminate();
  signal.addEventListener('abort', onAbort, { once: true });
  const resize = streams.onResize?.((columns, rows) =>
    send(socket, channel.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))),
  );
  const stopInput = stdin ? pump(stdin, socket) : undefined;
  await end;
  signal.removeEventListener('abort', onAbort);
  resize?.dispose();
  stopInput?.();
  signal.throwIfAborted();
  return exitCodeOf(api.server, status);
}

const bytesOf = (raw: RawData): Buffer =>
  Buffer.isBuffer(raw) ? raw : Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw);

function send(socket: WebSocket, number: number, data: Buffer): void {
  if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([number]), data]));
}

/** A reader that is slow holds the socket back. */
function write(socket: WebSocket, target: Writable | undefined, data: Buffer): void {
  if (data.length === 0 || !target || target.writableEnded || target.write(data)) return;
  socket.pause();
  target.once('drain', () => socket.resume());
}

/** Gives back what stops it. */
function pump(source: Readable, socket: WebSocket): () => void {
  const onData = (chunk: Buffer | string): void => {
    if (socket.readyState !== socket.OPEN) return;
    const held = socket.bufferedAmount > maxBuffered;
    if (held) source.pause();
    socket.send(Buffer.concat([Buffer.from([channel.stdin]), Buffer.from(chunk)]), () => held && source.resume());
  };
  const onEnd = (): void => {
    if (socket.protocol === protocols[0]) send(socket, channel.close, Buffer.from([channel.stdin]));
  };
  source.on('data', onData).once('end', onEnd);
  return () => source.off('data', onData).off('end', onEnd).pause();
}

function exitCodeOf(server: string, status: Status | undefined): number {
  if (!status) throw new ConnectionError('ECONNRESET', `${server} ended the connection.`);
  if (status.status === 'Success') return 0;
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && code !== undefined) return Number(code);
  throw errorOfStatus(status);
}
