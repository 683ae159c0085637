/** A question in the page's own dialog: resolves with the field's text, an empty text where there is no field, or undefined. */
import { html, nothing, render } from 'lit';
import type { AskMessage } from '#common/protocol/browser.ts';

export function ask({ title, detail, confirm, cancel, isDangerous, number }: AskMessage): Promise<string | undefined> {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask';
  dialog.setAttribute('aria-labelledby', 'ask-title');
  // What is dangerous begins at the way out.
  render(
    html`<form method="dialog">
      <h2 id="ask-title">${title}</h2>
      ${detail ? html`<p>${detail}</p>` : nothing}
      ${
        number
          ? html`<label
              >${number.label}<input
                name="answer"
                type="number"
                required
                min="0"
                max=${number.max}
                step="1"
                .value=${String(number.value)}
                autofocus
            /></label>`
          : nothing
      }
      <div class="buttons">
        <button type="button" class="secondary" ?autofocus=${isDangerous} @click=${() => dialog.close('cancel')}>
          ${cancel}
        </button>
        <button value="confirm" class=${isDangerous ? 'primary danger' : 'primary'}>${confirm}</button>
      </div>
    </form>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  const input = dialog.querySelector('input');
  input?.select();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirm' ? (input?.value ?? '') : undefined);
    });
  });
}
