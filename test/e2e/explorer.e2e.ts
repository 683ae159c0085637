/** Right clicks on files and folders, and on the object under the cursor; the way from an object to its file and back. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment, Pod } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { choices, choose, dialog, press } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

const configMap = (name: string, namespace: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n  a: b\n`;

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({
    files: {
      'all.yaml': `${web}---\n${service}`,
      'shop/a-settings.yaml': configMap('settings', 'shop'),
      'shop/deep/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n',
      'one.yaml': configMap('one', 'default'),
      'two.yaml': configMap('two', 'default'),
      'notes.txt': 'nothing for a cluster\n',
    },
  });
  window = await editor.openWindow();
  await window.startCluster();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const file = (name: string): Locator => window.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
const openExplorer = (): Promise<void> => window.command('View: Show Explorer');
const names = (...args: readonly string[]): string[] =>
  kubectl(editor, 'get', ...args, '-o', 'name')
    .split('\n')
    .filter((name) => name !== '' && !name.includes('kube-root-ca'));
const deployment = (): Deployment | undefined => object<Deployment>(editor, 'deployment', 'web');
/** Puts the cursor on the line and opens the menu there. */
async function menuAt(line: number, entry: string): Promise<void> {
  await window.goTo(line);
  await window.contextMenu(window.page.locator('.editor-instance .cursor').first(), entry);
}

test('a folder is applied by dependency, with all that is in it', async () => {
  await openExplorer();
  await window.contextMenu(file('shop'), 'Apply');
  await window.statusItem('2 created').waitFor();
  expect(names('configmaps', '-n', 'shop')).toEqual(['configmap/settings']);
});

test('several files that are selected are applied together', async () => {
  await file('one.yaml').click();
  await file('two.yaml').click({ modifiers: ['Control'] });
  await window.contextMenu(file('two.yaml'), 'Apply');
  await expect.poll(() => names('configmaps')).toEqual(['configmap/one', 'configmap/two']);
  await window.statusItem('2 created').waitFor();
});

test('deleting what is in several files asks once, and names it', async () => {
  await file('one.yaml').click();
  await file('two.yaml').click({ modifiers: ['Control'] });
  await window.contextMenu(file('two.yaml'), 'Delete Objects of File…');
  await dialog(window).getByText('Delete 2 objects from playground?').waitFor();
  expect(await dialog(window).innerText()).toMatch(/configmap\/one[\s\S]*configmap\/two/);
  await press(window, 'Cancel');
  expect(names('configmaps')).toHaveLength(2);
  await window.contextMenu(file('two.yaml'), 'Delete Objects of File…');
  await press(window, 'Delete');
  await expect.poll(() => names('configmaps')).toEqual([]);
});

test('deleting a folder says what goes with a namespace', async () => {
  kubectl(editor, 'create', 'configmap', 'extra', '-n', 'shop');
  await window.contextMenu(file('shop'), 'Delete Objects of File…');
  await expect.poll(() => dialog(window).innerText()).toMatch(/Everything in the namespace shop goes with it: .*ConfigMap/);
  await press(window, 'Delete');
  await expect.poll(() => object(editor, 'namespace', 'shop')).toBeUndefined();
});

test('a file that is no manifest has no such menu', async () => {
  await file('notes.txt').click({ button: 'right' });
  const entries = window.page.locator('.context-view .action-label');
  await entries.getByText('Rename...').first().waitFor();
  expect(await entries.getByText('Diff with Cluster').count()).toBe(0);
  await window.page.keyboard.press('Escape');
});

test('in the editor the object under the cursor is meant', async () => {
  await window.openFile('all.yaml');
  await window.contextMenu(window.page.locator('.editor-instance').first(), 'Apply');
  await window.statusItem('2 created').waitFor();
  await menuAt(6, 'Scale…');
  await window.answer('2');
  await expect.poll(() => deployment()?.spec?.replicas).toBe(2);
  await menuAt(23, 'Describe');
  await window.page.locator('.tab.active', { hasText: 'Service web' }).waitFor();
  await window.command('View: Close Editor');
  await menuAt(23, 'Delete Object…');
  await dialog(window).getByText('Delete service/web from playground?').waitFor();
  await press(window, 'Delete');
  await expect.poll(() => object(editor, 'service', 'web')).toBeUndefined();
  expect(deployment()).toBeDefined();
});

test('from a row to the line that it came from, of a pod to its workload’s', async () => {
  await window.command('View: Close All Editors');
  await window.openView();
  await window.contextMenu(window.row('Pod', 'web-'), 'Reveal in YAML');
  await window.page.locator('.tab.active[aria-label^="all.yaml"]').waitFor();
  await window.statusItem('Ln 1, Col 1').waitFor();
});

test('the name of a row is copied', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), 'Copy Name');
  await window.openFile('notes.txt');
  await window.goTo(1);
  await window.page.keyboard.press('Control+V');
  await window.page.locator('.view-line', { hasText: 'webnothing' }).waitFor();
  await window.command('File: Revert File');
});

test('a row is compared with its file', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), 'Diff with Cluster');
  await window.page.locator('.tab.active', { hasText: 'deployment/web: cluster ↔ file' }).waitFor();
  const changed = window.page.locator('.monaco-diff-editor .view-line');
  await changed.filter({ hasText: 'replicas: 2' }).first().waitFor();
  await changed.filter({ hasText: 'replicas: 3' }).first().waitFor();
  await window.command('View: Close All Editors');
});

test('why something is as it is, step by step to the place', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), 'Why?');
  await choices(window).filter({ hasText: 'web' }).first().waitFor();
  await window.page.keyboard.press('Enter');
  await window.page.locator('.tab.active').first().waitFor();
});

test('an image is run from the view, and its YAML written into the folder', async () => {
  await window.page
    .locator('.pane-header .action-label[aria-label^="Run Image"], .title-actions .action-label[aria-label^="Run Image"]')
    .first()
    .click();
  for (const answer of ['redis', '8', 'Pod', 'cache']) await pickOrType(answer);
  await window.notification('pod/cache created').waitFor();
  await window.row('Pod', 'cache').locator('.ready', { hasText: '1/1' }).waitFor();
  expect(object<Pod>(editor, 'pod', 'cache')?.spec?.containers[0]?.image).toMatch(/^redis:8/);
  await choose(window, 'Write YAML');
  await window.answer('cache.yaml');
  await window.page.locator('.tab.active[aria-label^="cache.yaml"]').waitFor();
  expect(editor.read('cache.yaml')).toMatch(/kind: Pod[\s\S]*image: redis:8/);
});

/** The list or the box of the next question is another one, which shows by its being empty or by what it offers. */
async function pickOrType(answer: string): Promise<void> {
  const input = window.page.locator('.quick-input-widget:not([style*="display: none"]) input.input').first();
  await expect.poll(() => input.inputValue()).not.toBe(previous);
  previous = answer;
  await input.fill(answer);
  if ((await choices(window).count()) > 0) await choices(window).filter({ hasText: answer }).first().click();
  else await window.page.keyboard.press('Enter');
}
let previous = '\u0000';
