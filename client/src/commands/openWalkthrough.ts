import * as vscode from 'vscode';
import type { Command } from './command.ts';

/** Shows the five steps for beginners. */
export const openWalkthrough: Command = {
  id: 'kubePlayground.openWalkthrough',
  async run() {
    const walkthrough = 'kube-playground.kube-playground#kubePlayground.firstSteps';
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  },
};
