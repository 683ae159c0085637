/**
 * The log of one container: what it writes to stdout and stderr, cut into lines as a container runtime does. Nothing is
 * allocated before the first line.
 *
 * Differs from Kubernetes: there are no log files to rotate; the newest mebibyte of characters is kept.
 */
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import type { Clock } from '#common/base/clock.ts';
import type { ContainerLog, LogLine } from '../../containerRuntime.ts';
import { concatBytes } from './byteStream.ts';

const keptCharacters = 1024 * 1024;
/** A longer line is split, as containerd does. */
const longestLine = 16 * 1024;
const newline = 10;
const decoder = new TextDecoder();

type Stream = LogLine['stream'];

export class LineLog implements ContainerLog {
  readonly #clock: Clock;
  /** First lines that many containers have in common: one shared array. */
  #opening: { readonly time: number; readonly stream: Stream; readonly texts: readonly string[] } | undefined;
  #lines: LogLine[] | undefined;
  /** Index of the oldest kept line; the array is cut when half of it is dead. */
  #first = 0;
  #characters = 0;
  #listeners: Set<(line: LogLine | undefined) => void> | undefined;
  #unfinished: Partial<Record<Stream, Uint8Array>> | undefined;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  lines(): readonly LogLine[] {
    const kept = this.#lines?.slice(this.#first) ?? [];
    if (!this.#opening || this.#first > 0) return kept;
    const { time, stream, texts } = this.#opening;
    return [...texts.map((text) => ({ time, stream, text })), ...kept];
  }

  /** A program's start-up messages, without a copy of its own for each container. */
  open(stream: Stream, texts: readonly string[]): void {
    if (this.#opening || this.#lines || this.#listeners) for (const text of texts) this.#add(stream, text, false);
    else this.#opening = { time: this.#clock.now(), stream, texts };
  }

  follow(listener: (line: LogLine | undefined) => void): Disposable {
    if (this.#ended) {
      queueMicrotask(() => listener(undefined));
      return toDisposable(() => undefined);
    }
    const entry = (line: LogLine | undefined): void => listener(line);
    (this.#listeners ??= new Set()).add(entry);
    return toDisposable(() => this.#listeners?.delete(entry));
  }

  write(stream: Stream, bytes: Uint8Array): void {
    const before = this.#unfinished?.[stream];
    let rest = before ? concatBytes([before, bytes]) : bytes;
    for (let end = rest.indexOf(newline); end >= 0 || rest.length > longestLine; end = rest.indexOf(newline)) {
      const cut = end >= 0 && end <= longestLine ? end : longestLine;
      this.#add(stream, decoder.decode(rest.subarray(0, cut)), cut !== end);
      rest = rest.subarray(cut === end ? cut + 1 : cut);
    }
    if (rest.length > 0) (this.#unfinished ??= {})[stream] = rest.slice();
    else if (before) delete this.#unfinished?.[stream];
  }

  end(): void {
    if (this.#ended) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#unfinished?.[stream];
      if (rest) this.#add(stream, decoder.decode(rest), true);
    }
    this.#unfinished = undefined;
    this.#ended = true;
    for (const listener of [...(this.#listeners ?? [])]) listener(undefined);
    this.#listeners = undefined;
  }

  #add(stream: Stream, text: string, partial: boolean): void {
    const line: LogLine = { time: this.#clock.now(), stream, text, ...(partial ? { partial } : {}) };
    const lines = (this.#lines ??= []);
    lines.push(line);
    this.#characters += text.length;
    while (this.#characters > keptCharacters && this.#first < lines.length - 1) {
      this.#characters -= (lines[this.#first] as LogLine).text.length;
      this.#first++;
    }
    if (this.#first > 1000 && this.#first > lines.length / 2) {
      lines.splice(0, this.#first);
      this.#first = 0;
    }
    for (const listener of [...(this.#listeners ?? [])]) listener(line);
  }
}
