/**
 * The streams of exec and attach as the rest of the server sees them: standard input, output and error, the terminal's
 * size, and at the end one status. How they travel is in `webSocketChannels` and `spdyCommand`.
 */
import type { Readable, Writable } from 'node:stream';
import type { Status } from '#common/api/status.ts';
import type { TerminalSize } from '../../containers/containerRuntime.ts';

/** Which streams the client asked for. */
export interface CommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The client's end of a running command. */
export interface CommandStreams {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Ends the output, tells the client how it went and closes the connection. */
  finish(status: Status): Promise<void>;
}

/** From protocol version 4 on the status is JSON; before that only a failure says something, in plain words. */
export function reportOf(status: Status, protocol: string): Buffer | undefined {
  if (/^v[45]\./.test(protocol)) return Buffer.from(JSON.stringify(status));
  return status.status === 'Success' ? undefined : Buffer.from(status.message ?? '');
}

/** Reads terminal sizes, `{"Width":80,"Height":24}`, from a text that comes in pieces. */
export class ResizeReader {
  #text = '';
  #listeners: ((size: TerminalSize) => void)[] = [];
  #last: TerminalSize | undefined;

  add(chunk: string): void {
    this.#text += chunk;
    for (let end = this.#text.indexOf('}'); end >= 0; end = this.#text.indexOf('}')) {
      const size = parseSize(this.#text.slice(0, end + 1));
      this.#text = this.#text.slice(end + 1);
      if (!size) continue;
      this.#last = size;
      for (const listener of this.#listeners) listener(size);
    }
    // Whoever sends no braces sends no sizes.
    if (this.#text.length > 1024) this.#text = '';
  }

  /** Calls back for each size; the present one first, when it is known. */
  listen(listener: (size: TerminalSize) => void): void {
    this.#listeners.push(listener);
    if (this.#last) listener(this.#last);
  }
}

function parseSize(text: string): TerminalSize | undefined {
  const width = /"width"\s*:\s*(\d+)/i.exec(text)?.[1];
  const height = /"height"\s*:\s*(\d+)/i.exec(text)?.[1];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}
