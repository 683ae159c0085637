/** A workspace of two folders has one cluster, to which both apply, and which is kept where the settings say so. */
import { globSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';
import { Terminal } from './support/terminal.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({
    files: { 'shop/web.yaml': web, 'bank/service.yaml': service },
    folders: ['shop', 'bank'],
    settings: { 'kubePlayground.keepRunning': true },
  });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

test('one cluster, in which saves of both folders meet', async () => {
  await window.startCluster();
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  await window.openFile('service.yaml');
  await window.page.keyboard.press('Control+S');
  await window.row('Service', 'web').waitFor();
  await expect
    .poll(() => kubectl(editor, 'get', 'endpoints', 'web', '-o', 'jsonpath={.subsets[0].addresses[*].ip}').split(' ').length)
    .toBe(3);
  expect(globSync('user/**/cluster/running.json', { cwd: editor.folder })).toHaveLength(1);
});

test('a row leads to its manifest, in whichever folder that is', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), 'Reveal in YAML');
  await window.page.locator('.tab.active[aria-label^="web.yaml"]').waitFor();
  await window.contextMenu(window.row('Service', 'web'), 'Reveal in YAML');
  await window.page.locator('.tab.active[aria-label^="service.yaml"]').waitFor();
});

test('both folders can be applied from the explorer', async () => {
  kubectl(editor, 'delete', 'service/web', 'deployment/web');
  await window.row('Deployment', 'web').waitFor({ state: 'detached' });
  await window.command('View: Show Explorer');
  const folder = (name: string): ReturnType<typeof window.page.locator> =>
    window.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  await folder('shop').click();
  await folder('bank').click({ modifiers: ['Control'] });
  await window.contextMenu(folder('bank'), 'Apply');
  await expect.poll(() => object(editor, 'service', 'web')).toBeDefined();
  expect(object(editor, 'deployment', 'web')).toBeDefined();
});

test('a terminal of the second folder reaches it as well', async () => {
  const terminal = await Terminal.open(editor, window, 'bank');
  expect(await terminal.run('basename "$PWD"; kubectl get deployments -o name')).toBe('bank\ndeployment.apps/web');
  // The next window would bring it back.
  await window.command('Terminal: Kill All Terminals');
  await window.page.locator('.terminal-wrapper').waitFor({ state: 'detached' });
});

test('it runs on when its last window closes, and the next one attaches to it', async () => {
  const before = editor.runtime();
  await editor.closeWindow(window);
  // Where no window is, the cluster still works.
  kubectl(editor, 'scale', 'deployment', 'web', '--replicas=2');
  kubectl(editor, 'rollout', 'status', 'deployment/web', '--timeout=60s');
  window = await editor.openWindow();
  await window.openView();
  await window.statusItem('3 nodes').waitFor();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  expect(editor.runtime()).toEqual(before);
  const terminal = await Terminal.open(editor, window, 'shop');
  expect(await terminal.run('kubectl apply -f web.yaml')).toMatch(/^deployment.apps\/web configured$/m);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
