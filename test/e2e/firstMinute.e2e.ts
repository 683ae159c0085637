/** The first minute: one button, nodes in the status bar, a save that becomes pods, and a terminal that just works. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'service.yaml': service } });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

test('the view says what it does and has one button, which starts three nodes', async () => {
  await window.openView();
  await expect.poll(() => window.tree.locator('button.primary').count()).toBe(1);
  await window.startCluster();
  expect(kubectl(editor, 'get', 'nodes', '-o', 'name').split('\n')).toHaveLength(3);
});

test('a save asks once, then makes three pods that the tree shows', async () => {
  await window.openFile('web.yaml');
  await window.retypeLine(6, '  replicas: 3');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  expect(kubectl(editor, 'get', 'pods', '-l', 'app=web', '-o', 'name').split('\n')).toHaveLength(3);
  const deployment = object<{ metadata: { managedFields: { manager: string }[] } }>(
    editor,
    'deployment',
    'web',
    '--show-managed-fields',
  );
  expect(deployment?.metadata.managedFields.map(({ manager }) => manager)).toContain('kube-playground');
});

test('the second save does not ask, and says what it changed', async () => {
  await window.retypeLine(6, '  replicas: 5');
  await window.save();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '5/5' }).waitFor();
  await expect.poll(() => window.page.locator('.notification-toast').count()).toBe(0);
});

test("the terminal's kubectl reaches the cluster without being told", async () => {
  await window.command('Terminal: Create New Terminal');
  const terminal = window.page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea');
  await terminal.waitFor({ state: 'attached' });
  await terminal.focus();
  await window.page.keyboard.type(
    `kubectl get pods -o name > ${window.pathOf('pods.txt')} && mv ${window.pathOf('pods.txt')} ${window.pathOf('done.txt')}\n`,
  );
  const lines = async (): Promise<number> => {
    try {
      return editor.read('done.txt').trim().split('\n').length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  };
  await expect.poll(lines).toBe(5);
});
