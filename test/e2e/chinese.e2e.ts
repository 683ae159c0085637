/** The extension in Simplified Chinese, and by keyboard alone. */
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

test('the view, its button and the status bar speak Chinese', async () => {
  await window.openView();
  await expect.poll(() => window.tree.locator('body').innerText()).toMatch(/启动集群/);
  await window.tree.locator('button.primary').click();
  await window.statusItem(/3 个节点/).waitFor();
});

test('commands have Chinese titles', async () => {
  await window.page.keyboard.press('F1');
  const input = window.page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill('>Kube Playground');
  await window.page.locator('.quick-input-list .monaco-list-row', { hasText: '停止集群' }).first().waitFor();
  await window.page.keyboard.press('Escape');
});

test('the tree is walked with the keyboard alone', async () => {
  await window.openView();
  const tree = window.tree.locator('[role="tree"]').first();
  await tree.focus();
  const focused = (): Promise<string> =>
    tree.evaluate((element) => {
      interface Root {
        readonly activeElement: { readonly textContent: string | null } | null;
        getElementById(id: string): { readonly textContent: string | null } | null;
      }
      const root = element.getRootNode() as unknown as Root;
      const id = element.getAttribute('aria-activedescendant');
      return (id ? root.getElementById(id) : root.activeElement)?.textContent?.trim() ?? '';
    });
  await window.page.keyboard.press('Home');
  const top = await focused();
  await window.page.keyboard.press('ArrowDown');
  await expect.poll(focused).not.toBe(top);
  await window.page.keyboard.press('Home');
  await expect.poll(focused).toBe(top);
});
