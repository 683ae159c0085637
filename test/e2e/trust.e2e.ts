/** A folder that nobody trusts yet gets the language and nothing else; once it is trusted, everything is there. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';
import { Terminal } from './support/terminal.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web.replace('replicas: 3', 'replicas: -3') }, trust: true });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

/** The entries that the palette shows for what is typed. */
async function offered(text: string): Promise<string[]> {
  await window.page.keyboard.press('F1');
  const input = window.page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(`>${text}`);
  const rows = window.page.locator('.quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  const texts = await rows.locator('.label-name').allInnerTexts();
  await window.page.keyboard.press('Escape');
  return texts.filter((each) => each.startsWith(text));
}

test('whoever does not trust the folder is told that no cluster runs in it', async () => {
  await window.statusItem('Restricted Mode').waitFor();
  await window.openView();
  await window.tree.getByText('A cluster runs only in folders that you trust.').waitFor();
  expect(await window.tree.locator('button').count()).toBe(0);
});

test('no command of the cluster is offered', async () => {
  expect(await offered('Kube Playground: ')).toEqual(['Kube Playground: Focus on Cluster View']);
  expect(await window.page.locator('.statusbar-item', { hasText: 'playground' }).count()).toBe(0);
});

test('the language is all there: problems, and what a field is for', async () => {
  await window.openFile('web.yaml');
  const problem = (await window.problems()).filter({ hasText: 'must be greater than or equal to 0' });
  await problem.waitFor();
  const hover = await window.hover('replicas');
  await expect.poll(() => hover.innerText()).toMatch(/desired pods/i);
});

test('a save applies nothing and asks nothing', async () => {
  await window.retypeLine(6, '  replicas: 2');
  await window.save();
  await (await window.problems()).filter({ hasText: 'must be greater' }).waitFor({ state: 'detached' });
  expect(await window.page.locator('.notification-toast').count()).toBe(0);
  expect(editor.runtime()).toBeUndefined();
});

test('once the folder is trusted, the view has its button without a reload', async () => {
  await window.statusItem('Restricted Mode').click();
  await window.page
    .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
  await window.statusItem('Restricted Mode').waitFor({ state: 'detached' });
  await window.page.locator('.monaco-modal-editor-block .action-label.codicon-close').last().click();
  await window.page.locator('.workspace-trust-editor').waitFor({ state: 'detached' });
  await window.startCluster();
  expect(kubectl(editor, 'get', 'nodes', '-o', 'name').split('\n')).toHaveLength(3);
});

test('and so are commands, saving and terminals', async () => {
  expect((await offered('Kube Playground: ')).length).toBeGreaterThan(5);
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  const terminal = await Terminal.open(editor, window);
  expect(await terminal.run('kubectl get deployment web -o name')).toBe('deployment.apps/web');
});
