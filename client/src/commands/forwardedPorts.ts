import * as vscode from 'vscode';
import type { Command } from './command.ts';
import { openUrl } from './portForward.ts';

/** The ports that are forwarded, each to be opened or stopped. */
export const forwardedPorts: Command = {
  id: 'kubePlayground.forwardedPorts',
  async run({ forwards }) {
    const running = forwards.all;
    if (running.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No port is forwarded.'));
      return;
    }
    const open = { iconPath: new vscode.ThemeIcon('link-external'), tooltip: vscode.l10n.t('Open in Browser') };
    const items = running.map((forward) => ({
      label: forward.title,
      description: `127.0.0.1:${forward.localPort} → ${forward.target.pod}:${forward.target.port}`,
      buttons: [open],
      forward,
    }));
    const pick = vscode.window.createQuickPick<(typeof items)[number]>();
    pick.items = items;
    pick.canSelectMany = true;
    pick.placeholder = vscode.l10n.t('Choose those to stop');
    pick.onDidTriggerItemButton(({ item }) => void openUrl(item.forward.url));
    await new Promise<void>((resolve) => {
      pick.onDidAccept(() => {
        for (const { forward } of pick.selectedItems) void forwards.stop(forward);
        pick.hide();
      });
      pick.onDidHide(() => resolve());
      pick.show();
    });
    pick.dispose();
  },
};
