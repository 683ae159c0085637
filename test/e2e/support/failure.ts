/** A picture of what a person would have seen, for each test that fails. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFailed } from 'vitest';
import type { EditorWindow } from './editor.ts';

/** Call it in `beforeEach`. Pictures lie in E2E_PICTURES, or a folder of the system's temporary files. */
export function pictureOnFailure(window: () => EditorWindow | undefined): void {
  onTestFailed(async ({ task }) => {
    const folder = process.env['E2E_PICTURES'] ?? path.join(tmpdir(), 'kube-playground-failures');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${task.name.replace(/\W+/g, '-').slice(0, 80)}.png`);
    await window()?.page.screenshot({ path: file });
    process.stderr.write(`What was on the screen: ${file}\n`);
  });
}
