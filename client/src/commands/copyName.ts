import * as vscode from 'vscode';
import { contextRow } from '#common/protocol/webview.ts';
import { type Command, targetOf } from './command.ts';

/** Copies the name that the row shows. */
export const copyName: Command = {
  id: 'kubePlayground.copyName',
  async run(services, argument) {
    const row = services.dashboard.model.row(contextRow(argument) ?? '');
    await vscode.env.clipboard.writeText(row?.name ?? (await targetOf(services, argument)).name);
  },
};
