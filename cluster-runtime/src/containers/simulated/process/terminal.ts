/**
 * The terminal of `kubectl exec -it` and of containers with `tty: true`: echoes what is typed, edits a line, turns
 * Ctrl-C into SIGINT, and writes `\r\n` where programs write `\n`. Recalls earlier lines with the arrow keys.
 *
 * Differs from Kubernetes: there is no raw mode, so full-screen programs have nothing to run on.
 */
import type { TerminalSize } from '../../containerRuntime.ts';
import { type ByteSink, Pipe } from './byteStream.ts';
import type { Signal } from './signals.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const keptLines = 200;

export class Terminal implements ByteSink {
  /** What programs read: whole lines. */
  readonly source = new Pipe();
  size: TerminalSize = { width: 80, height: 24 };
  /** Called for Ctrl-C and Ctrl-\. */
  onInterrupt: ((signal: Signal) => void) | undefined;
  readonly #outputs = new Set<ByteSink>();
  #line = '';
  /** Characters after the cursor. */
  #tail = '';
  #escape: string | undefined;
  /** True while a shell shows its prompt: then lines are kept, and the arrow keys bring them back. */
  atPrompt = false;
  readonly #earlier: string[] = [];
  #recalled = 0;

  addOutput(output: ByteSink): { dispose(): void } {
    this.#outputs.add(output);
    return { dispose: () => void this.#outputs.delete(output) };
  }

  get broken(): boolean {
    return this.#outputs.size === 1 && [...this.#outputs].every((output) => output.broken);
  }

  /** Output of a program. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const cooked = bytes.includes(10) ? encoder.encode(decoder.decode(bytes).replaceAll(/\r?\n/g, '\r\n')) : bytes;
    const waits = [...this.#outputs].map((output) => output.write(cooked)).filter((wait) => wait !== undefined);
    return waits.length > 0 ? Promise.all(waits).then(() => undefined) : undefined;
  }

  /** Keys, as the person's terminal sends them. */
  type(bytes: Uint8Array): void {
    for (const key of decoder.decode(bytes)) this.#key(key);
  }

  hangUp(): void {
    this.source.close();
  }

  #key(key: string): void {
    if (this.#escape !== undefined) return this.#escapeKey(key);
    switch (key) {
      case '\r':
      case '\n':
        return this.#enter();
      case '\x7f':
      case '\b':
        if (this.#line.length > 0) {
          this.#line = this.#line.slice(0, -1);
          this.#echo(`\b${this.#tail} ${'\b'.repeat(this.#tail.length + 1)}`);
        }
        return;
      case '\x03':
        return this.#interrupt('INT', '^C');
      case '\x1c':
        return this.#interrupt('QUIT', '^\\');
      case '\x04':
        if (this.#line + this.#tail === '') this.source.endOnce();
        return;
      case '\x15':
        return this.#replaceLine('');
      case '\x17':
        return this.#replaceLine(this.#line.replace(/\S*\s*$/, ''));
      case '\x01':
        return this.#move(-this.#line.length);
      case '\x05':
        return this.#move(this.#tail.length);
      case '\x1b':
        this.#escape = '';
        return;
      default:
        if (key < ' ' && key !== '\t') return;
        this.#line += key;
        this.#echo(key + this.#tail + '\b'.repeat(this.#tail.length));
    }
  }

  /** Arrow keys: `ESC [ A` … */
  #escapeKey(key: string): void {
    this.#escape += key;
    const sequence = this.#escape as string;
    if (sequence === '[' || sequence === 'O' || /^\[[\d;]+$/.test(sequence)) return;
    this.#escape = undefined;
    if (sequence === '[A' || sequence === 'OA') this.#recall(-1);
    else if (sequence === '[B' || sequence === 'OB') this.#recall(1);
    else if (sequence === '[D' || sequence === 'OD') this.#move(-1);
    else if (sequence === '[C' || sequence === 'OC') this.#move(1);
  }

  #move(by: number): void {
    const whole = this.#line + this.#tail;
    const at = Math.max(0, Math.min(whole.length, this.#line.length + by));
    if (at < this.#line.length) this.#echo('\b'.repeat(this.#line.length - at));
    else this.#echo(whole.slice(this.#line.length, at));
    this.#line = whole.slice(0, at);
    this.#tail = whole.slice(at);
  }

  #recall(direction: number): void {
    const to = this.#recalled + direction;
    if (!this.atPrompt || to < 0 || to > this.#earlier.length) return;
    this.#recalled = to;
    this.#replaceLine(this.#earlier[to] ?? '');
  }

  #replaceLine(line: string): void {
    this.#move(this.#tail.length);
    const length = this.#line.length;
    this.#echo('\b'.repeat(length) + ' '.repeat(length) + '\b'.repeat(length) + line);
    this.#line = line;
  }

  #enter(): void {
    const line = this.#line + this.#tail;
    if (this.atPrompt && line.trim() !== '' && line !== this.#earlier.at(-1)) this.#earlier.push(line);
    if (this.#earlier.length > keptLines) this.#earlier.shift();
    this.#recalled = this.#earlier.length;
    this.#line = '';
    this.#tail = '';
    this.#echo('\r\n');
    void this.source.write(encoder.encode(`${line}\n`));
  }

  #interrupt(signal: Signal, shown: string): void {
    this.#line = '';
    this.#tail = '';
    this.#echo(`${shown}\r\n`);
    this.onInterrupt?.(signal);
  }

  #echo(text: string): void {
    if (text === '') return;
    const bytes = encoder.encode(text);
    for (const output of this.#outputs) void output.write(bytes);
  }
}
