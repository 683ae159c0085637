/** What the cluster holds, asked over its own API: the other half of every assertion. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../../support/testCluster.ts';
import type { Editor } from './editor.ts';

/** Runs kubectl (the one on PATH) against the workspace's cluster. Throws with its message. */
export function kubectl(editor: Editor, ...args: readonly string[]): string {
  const kubeconfig = editor.runtime()?.kubeconfig;
  if (kubeconfig === undefined) throw new Error('no cluster runs');
  return execFileSync('kubectl', args, { encoding: 'utf8', env: { ...process.env, KUBECONFIG: kubeconfig } }).trim();
}

/** An object of the cluster, or undefined. */
export function object<T = Record<string, unknown>>(editor: Editor, ...args: readonly string[]): T | undefined {
  const text = kubectl(editor, 'get', ...args, '--ignore-not-found', '-o', 'json');
  return text === '' ? undefined : (JSON.parse(text) as T);
}

/** Where pictures for the documentation go. */
export const pictures = path.join(projectFolder, 'docs', 'images');
