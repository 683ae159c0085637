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

test('what the language server says, in the texts of the editor', async () => {
  await window.openFile('web.yaml');
  const hover = await window.hover('selector');
  await expect.poll(() => hover.innerText()).toContain('必填');
  await window.page.locator('.codelens-decoration', { hasText: /^应用$/ }).waitFor();
});
