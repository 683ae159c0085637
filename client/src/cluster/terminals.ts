/**
 * Integrated terminals that are opened while the cluster runs: `KUBECONFIG`, and where no kubectl is installed, a `kubectl` at
 * the end of PATH that is the command's own.
 */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '#common/base/disposable.ts';
import type { ClusterSession } from './clusterSession.ts';

export interface OwnKubectl {
  /** The built command. */
  readonly cliFile: string;
  /** Where the little program that stands for kubectl is written. */
  readonly folder: string;
}

export function setTerminalVariables(
  session: ClusterSession,
  variables: vscode.EnvironmentVariableCollection,
  own?: OwnKubectl,
): Disposable {
  // The next window may have no cluster.
  variables.persistent = false;
  variables.description = vscode.l10n.t('`kubectl` reaches the playground');
  return session.onPhase((phase) => {
    if (phase === 'running' && session.connection) {
      variables.replace('KUBECONFIG', session.connection.kubeconfig);
      // Behind everything else on PATH: a kubectl that is installed later goes before it.
      if (own && !hasKubectl(process.env)) variables.append('PATH', `${path.delimiter}${writeShims(own)}`);
    } else if (phase === 'stopped') variables.clear();
  });
}

function hasKubectl(env: NodeJS.ProcessEnv): boolean {
  const names = process.platform === 'win32' ? ['kubectl.exe', 'kubectl.cmd', 'kubectl.bat'] : ['kubectl'];
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.some((folder) => names.some((name) => isProgram(path.join(folder, name))));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  }
}

/** For POSIX shells and for Windows; both run the command with the editor's own Node. Gives the folder. */
function writeShims({ cliFile, folder }: OwnKubectl): string {
  mkdirSync(folder, { recursive: true });
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const posix = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(process.execPath)} ${quoted(cliFile)} kubectl --any-cluster "$@"\n`;
  // In a batch file a percent sign stands for itself when it is doubled.
  const batch = (text: string): string => `"${text.replaceAll('%', '%%')}"`;
  const windows = `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n${batch(process.execPath)} ${batch(cliFile)} kubectl --any-cluster %*\r\n`;
  writeFileSync(path.join(folder, 'kubectl'), posix, { mode: 0o755 });
  writeFileSync(path.join(folder, 'kubectl.cmd'), windows);
  return folder;
}
