/**
 * The tree of a text, for as long as somebody uses it. A tree is ten times as large as its text and quickly read again, so of
 * the files that nobody looks at only the texts stay in memory. Whoever holds a node holds its tree.
 */
import type { ManifestNode } from './nodes.ts';

export class KeptTree {
  readonly text: string;
  readonly #read: (text: string) => ManifestNode | undefined;
  #root: WeakRef<ManifestNode> | undefined;

  /** `read` gives the same tree each time. */
  constructor(text: string, root: ManifestNode | undefined, read: (text: string) => ManifestNode | undefined) {
    this.text = text;
    this.#read = read;
    this.#root = root && new WeakRef(root);
  }

  /** Undefined when there is nothing but comments. Within a turn of the event loop always the same. */
  get root(): ManifestNode | undefined {
    if (!this.#root) return undefined;
    const known = this.#root.deref();
    if (known) return known;
    const root = this.#read(this.text);
    if (root) this.#root = new WeakRef(root);
    return root;
  }
}
