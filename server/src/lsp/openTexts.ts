/** The texts that the editor has open, kept by its incremental changes. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { lineStartsOf } from '#common/manifests/sourceFile.ts';
import type { Positions } from './positions.ts';

export class OpenTexts {
  readonly #texts = new Map<string, string>();

  open(uri: string, text: string): void {
    this.#texts.set(uri, text);
  }

  close(uri: string): void {
    this.#texts.delete(uri);
  }

  /** The text after the changes; undefined for one that was never opened. */
  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], positions: Positions): string | undefined {
    let text = this.#texts.get(uri);
    if (text === undefined) return undefined;
    for (const change of changes) {
      if (!('range' in change)) {
        text = change.text;
        continue;
      }
      const { start, end } = positions.textRange({ text, lineStarts: lineStartsOf(text) }, change.range);
      text = text.slice(0, start) + change.text + text.slice(end);
    }
    this.#texts.set(uri, text);
    return text;
  }
}
