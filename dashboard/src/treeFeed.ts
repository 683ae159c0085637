/**
 * Feeds one page with the tree: everything at first, in portions, then one delta per frame with what changed in between.
 * The next message waits until the page has drawn the one before, so that a slow page gets fewer and larger ones.
 */
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import type { FromView, ToView, TreeRow } from '#common/protocol/webview.ts';
import type { TreeModel } from './treeModel.ts';

const frameMs = 16;
/** Of rows in a message: as many as a page takes in without dropping a frame. */
const portion = 2_000;

export class TreeFeed implements Disposable {
  readonly #model: TreeModel;
  readonly #clock: Clock;
  readonly #send: (message: ToView) => void;
  readonly #disposables = new DisposableStore();
  #changed = new Set<string>();
  #isListening = false;
  #isDrawing = false;
  /** What the page was told last of whether more is to come. */
  #saidLoading = false;
  #timer: Disposable | undefined;
  #revision = 0;

  constructor(model: TreeModel, clock: Clock, send: (message: ToView) => void) {
    this.#model = model;
    this.#clock = clock;
    this.#send = send;
    this.#disposables.add(model.onRow((id) => this.#note(id)));
    this.#disposables.add(model.onLoading(() => this.#schedule()));
    this.#disposables.add(toDisposable(() => this.#timer?.dispose()));
  }

  /** Takes the messages that concern the feed; others are the caller's. */
  handle(message: FromView): void {
    if (message.type === 'ready') {
      this.#isListening = true;
      this.#timer?.dispose();
      this.#changed = new Set([...this.#model.rows()].map(({ id }) => id));
      this.#flush(true);
    } else if (message.type === 'drawn' && message.revision === this.#revision) {
      this.#isDrawing = false;
      // The rest of a snapshot is not waited for.
      if (this.#changed.size > portion) this.#flush(false);
      else this.#schedule();
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #note(id: string): void {
    if (!this.#isListening) return;
    this.#changed.add(id);
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isListening || this.#isDrawing || this.#timer) return;
    if (this.#changed.size === 0 && this.#saidLoading === this.#model.isLoading) return;
    this.#timer = this.#clock.setTimeout(() => this.#flush(false), frameMs);
  }

  #flush(reset: boolean): void {
    this.#timer = undefined;
    const set: TreeRow[] = [];
    const removed: string[] = [];
    for (const id of this.#changed) {
      if (set.length + removed.length === portion) break;
      this.#changed.delete(id);
      const row = this.#model.row(id);
      if (row) set.push(row);
      else removed.push(id);
    }
    this.#isDrawing = true;
    this.#saidLoading = this.#model.isLoading || this.#changed.size > 0;
    this.#send({
      type: 'rows',
      revision: ++this.#revision,
      reset,
      set,
      removed,
      ...(this.#saidLoading ? { loading: true } : {}),
    });
  }
}
