/** What an editor has around the tree: the place for an object's details beside it, dialogs, and a line that says what was done. */
import { html, nothing, render } from 'lit';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { browserTexts, type BrowserTexts } from '#common/protocol/browserTexts.ts';
import type { MenuMessage, OpenMessage, SayMessage, ToBrowser } from '#common/protocol/browser.ts';
import { filled } from '#common/protocol/treeTexts.ts';
import { ask } from './dialog.ts';

const sayingMs = 5_000;

export class Shell {
  readonly #clock: Clock;
  readonly #tree: () => HTMLElement;
  readonly #answer: (id: number, value: string | undefined) => void;
  readonly #side = document.createElement('div');
  readonly #said = document.createElement('div');
  #texts: BrowserTexts = browserTexts;
  #titles: MenuMessage['titles'] = {};
  #opened: OpenMessage | undefined;
  #silence: Disposable | undefined;

  /** `answer` takes what a dialog was answered. */
  constructor(clock: Clock, tree: () => HTMLElement, answer: (id: number, value: string | undefined) => void) {
    this.#clock = clock;
    this.#tree = tree;
    this.#answer = answer;
    this.#side.className = 'side';
    this.#side.role = 'region';
    this.#said.className = 'said';
    this.#said.role = 'status';
  }

  get titles(): MenuMessage['titles'] {
    return this.#titles;
  }

  appendTo(parent: HTMLElement): void {
    parent.append(this.#side, this.#said);
    this.#draw();
  }

  receive(message: ToBrowser): void {
    switch (message.type) {
      case 'texts':
        this.#texts = { ...browserTexts, ...message.texts };
        this.#draw();
        break;
      case 'menu':
        this.#titles = message.titles;
        break;
      case 'ask':
        void ask(message).then((value) => {
          this.#answer(message.id, value);
          this.#focusTree();
        });
        break;
      case 'say':
        this.#say(message);
        break;
      case 'copy':
        void navigator.clipboard
          .writeText(message.text)
          .then(() => this.#say({ type: 'say', text: filled(this.#texts.copied, message.text), isProblem: false }));
        break;
      case 'open':
        this.#opened = message;
        this.#draw();
        break;
    }
  }

  #focusTree(): void {
    this.#tree().querySelector<HTMLElement>('[role=tree]')?.focus();
  }

  #draw(): void {
    const texts = this.#texts;
    this.#side.ariaLabel = texts.details;
    document.body.classList.toggle('opened', this.#opened !== undefined);
    const close = (): void => {
      this.#opened = undefined;
      this.#draw();
      this.#focusTree();
    };
    render(
      this.#opened
        ? html`<div class="side-bar">
              <span>${this.#opened.object.kind.toLowerCase()}/${this.#opened.object.name}</span>
              <button class="icon-button" aria-label=${texts.close} title=${texts.close} @click=${close}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8m0-8-8 8"></path></svg>
              </button>
            </div>
            <iframe title=${texts.details} src=${addressOf(this.#opened)}></iframe>`
        : html`<p class="hint">${texts.hint}</p>`,
      this.#side,
    );
  }

  #say({ text, isProblem }: SayMessage): void {
    this.#silence?.dispose();
    const silence = (): void => void render(nothing, this.#said);
    render(
      html`<div class=${isProblem ? 'saying problem' : 'saying'}>
        <span>${text}</span>
        <button class="icon-button" aria-label=${this.#texts.close} title=${this.#texts.close} @click=${silence}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8m0-8-8 8"></path></svg>
        </button>
      </div>`,
      this.#said,
    );
    // What went wrong stays until it was read.
    if (!isProblem) this.#silence = this.#clock.setTimeout(silence, sayingMs);
  }
}

function addressOf({ object, tab }: OpenMessage): string {
  const { apiVersion, kind, namespace, name, container } = object;
  const parameters = new URLSearchParams({
    apiVersion,
    kind,
    namespace,
    name,
    ...(container ? { container } : {}),
    ...(tab ? { tab } : {}),
  });
  return `details?${parameters.toString()}`;
}
