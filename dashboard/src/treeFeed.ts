/**
 * Feeds one page with the tree: everything at first, then one delta per frame with what changed in between. The next
 * delta waits until the page has drawn the one before, so that a slow page gets fewer and larger ones.
 */
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore, toDisposable } from '#common/base/disposable.ts';
import type { FromView, ToView, TreeRow } from '#common/protocol/webview.ts';
import type { TreeModel } from './treeModel.ts';

const frameMs = 16;

export class TreeFeed implements Disposable {
  readonly #model: TreeModel;
  readonly #clock: Clock;
  readonly #send: (message: ToView) => void;
  readonly #disposables = new DisposableStore();
  readonly #changed = new Set<string>();
  #isListening = false;
  #isDrawing = false;
  #timer: Disposable | undefined;
  #revision = 0;

  constructor(model: TreeModel, clock: Clock, send: (message: ToView) => void) {
    this.#model = model;
    this.#clock = clock;
    this.#send = send;
    this.#disposables.add(model.onRow((id) => this.#note(id)));
    this.#disposables.add(toDisposable(() => this.#timer?.dispose()));
  }

  /** Takes the messages that concern the feed; others are the caller's. */
  handle(message: FromView): void {
    if (message.type === 'ready') {
      this.#isListening = true;
      this.#changed.clear();
      this.#sendRows(true, [...this.#model.rows()], []);
    } else if (message.type === 'drawn' && message.revision === this.#revision) {
      this.#isDrawing = false;
      this.#schedule();
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
    if (this.#isDrawing || this.#timer || this.#changed.size === 0) return;
    this.#timer = this.#clock.setTimeout(() => this.#flush(), frameMs);
  }

  #flush(): void {
    this.#timer = undefined;
    const set: TreeRow[] = [];
    const removed: string[] = [];
    for (const id of this.#changed) {
      const row = this.#model.row(id);
      if (row) set.push(row);
      else removed.push(id);
    }
    this.#changed.clear();
    this.#sendRows(false, set, removed);
  }

  #sendRows(reset: boolean, set: TreeRow[], removed: string[]): void {
    this.#isDrawing = true;
    this.#send({ type: 'rows', revision: ++this.#revision, reset, set, removed });
  }
}
