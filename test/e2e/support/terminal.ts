/** An integrated terminal that a person types into. What a command says is read from a file that the shell writes. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Editor, EditorWindow } from './editor.ts';

/** It may hold a second small terminal: the command that scrolled out of sight. */
const inFront = '.terminal-wrapper.active';

let typed = 0;

export class Terminal {
  readonly #editor: Editor;
  readonly #window: EditorWindow;

  private constructor(editor: Editor, window: EditorWindow) {
    this.#editor = editor;
    this.#window = window;
  }

  /** The lines on the screen of the terminal in front. */
  get screen(): Locator {
    return this.#window.page.locator(`${inFront} .xterm-rows`).first();
  }

  static async open(editor: Editor, window: EditorWindow, folder?: string): Promise<Terminal> {
    const tabs = window.page.locator('.terminal-wrapper');
    const before = await tabs.count();
    await window.command('Terminal: Create New Terminal');
    // Where the workspace has several folders, a person is asked.
    if (folder !== undefined) await window.answer(folder);
    await expect.poll(() => tabs.count()).toBe(before + 1);
    return new Terminal(editor, window);
  }

  /** Runs a line in the terminal in front, which shows what it says; gives that without the spaces around it. */
  async run(line: string): Promise<string> {
    const name = `${++typed}.txt`;
    const folder = path.join(this.#editor.folder, 'said');
    mkdirSync(folder, { recursive: true });
    const [begun, whole] = [path.join(folder, `.${name}`), path.join(folder, name)];
    await this.#type(`(${line}) 2>&1 | tee ${begun}; mv ${begun} ${whole}\n`);
    await expect.poll(() => existsSync(whole), { message: line, timeout: 40_000 }).toBe(true);
    return readFileSync(whole, 'utf8').trim();
  }

  async #type(text: string): Promise<void> {
    const input = this.#window.page.locator(`${inFront} textarea.xterm-helper-textarea`).first();
    await input.waitFor({ state: 'attached' });
    await input.focus();
    await this.#window.page.keyboard.type(text);
  }
}
