/** The page while there is no tree to show: what this is and how to begin, or why it has to wait. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CommandId } from '#common/protocol/commands.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ClusterPhase } from '#common/protocol/webview.ts';

export interface WelcomeOptions {
  /** Undefined until the host has told it. */
  readonly phase: ClusterPhase | undefined;
  readonly texts: TreeTexts;
  /** Whether the host has more to offer than the start. */
  readonly hasMenus: boolean;
  run(command: CommandId): void;
}

export function welcome({ phase, texts, hasMenus, run }: WelcomeOptions): TemplateResult {
  switch (phase) {
    case undefined:
      return html`${nothing}`;
    case 'untrusted':
      return html`<div class="welcome"><p>${texts.untrusted}</p></div>`;
    case 'starting':
      return html`<div class="progress" role="progressbar" aria-label=${texts.starting}></div>
        <div class="welcome"><p>${texts.starting}</p></div>`;
    default:
      return html`<div class="welcome">
        <p>${texts.introduction}</p>
        <button class="primary" @click=${() => run('kubePlayground.start')}>${texts.start}</button>
        ${
          hasMenus
            ? html`<p class="more">
                <button class="link" @click=${() => run('kubePlayground.openExample')}>${texts.openExample}</button>
                <button class="link" @click=${() => run('kubePlayground.openWalkthrough')}>${texts.walkthrough}</button>
              </p>`
            : nothing
        }
      </div>`;
  }
}
