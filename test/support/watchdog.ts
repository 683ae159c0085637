/**
 * A test's own clock beside its thread: a loop without end keeps the test runner from noticing anything, its time-outs
 * included. Where `busyWith` is not called for `seconds`, the process says what it was at, and where it is in the code, and dies.
 */
import { Worker } from 'node:worker_threads';

const longest = 1 << 20;

/** Runs beside the watched thread, with nothing but what Node has. */
const source = `
const { Session } = require('node:inspector');
const { workerData: { shared, text, seconds } } = require('node:worker_threads');
const beats = new Int32Array(shared);
const session = new Session();
session.connectToMainThread();
const die = (where) => {
  const bytes = new Uint8Array(text).slice(0, Atomics.load(beats, 1));
  const what = JSON.stringify(new TextDecoder().decode(bytes));
  require('node:fs').writeSync(2, '\\nNothing came back within ' + seconds + ' s of ' + what + '\\n' + where + '\\n');
  process.kill(process.pid, 'SIGKILL');
};
session.on('Debugger.paused', ({ params }) =>
  die(params.callFrames.map(({ functionName, url, location }) => '  at ' + functionName + ' ' + url + ':' + (location.lineNumber + 1)).join('\\n')));
let [seen, since] = [-1, Date.now()];
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== seen) [seen, since] = [now, Date.now()];
  else if (Date.now() - since > seconds * 1000) {
    session.post('Debugger.enable', () => session.post('Debugger.pause'));
    setTimeout(die, 5000, '  (in a place that has no stack)');
    since = Infinity;
  }
}, 500);
`;

export class Watchdog {
  readonly #beats = new Int32Array(new SharedArrayBuffer(8));
  readonly #text = new Uint8Array(new SharedArrayBuffer(longest));
  readonly #worker: Worker;

  constructor(seconds: number) {
    const workerData = { shared: this.#beats.buffer, text: this.#text.buffer, seconds };
    this.#worker = new Worker(source, { eval: true, workerData });
    this.#worker.unref();
  }

  /** What is begun now; what was begun before has come back. */
  busyWith(what: string): void {
    const { written } = new TextEncoder().encodeInto(what, this.#text);
    Atomics.store(this.#beats, 1, written);
    Atomics.add(this.#beats, 0, 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
