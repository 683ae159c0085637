/** The extension in Simplified Chinese. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web }, locale: 'zh-cn' });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

test('the view', async () => {
  await window.openView();
  await expect.poll(() => window.tree.locator('button.primary').innerText()).toBe('启动集群');
});
