/** What right clicks do to the cluster, as a person does it: by the tree's menus, by typing and by saving. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConfigMap, Deployment, Machine, Node, Pod, Service } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { choose, dialog, press } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';
import { lineOf } from './support/textEditor.ts';

const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: first
data:
  color: blue
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: second
data:
  color: red
`;

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'settings.yaml': settings } });
  window = await editor.openWindow();
  await window.startCluster();
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await ready('3/3');
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const ready = (text: string): Promise<void> => window.row('Deployment', 'web').locator('.ready', { hasText: text }).waitFor();
const menu = (entry: string): Promise<void> => window.contextMenu(window.row('Deployment', 'web'), entry);
const deployment = (): Deployment | undefined => object<Deployment>(editor, 'deployment', 'web');
const podsOf = (): string[] => kubectl(editor, 'get', 'pods', '-l', 'app=web', '-o', 'name').split('\n');
const podsOn = (node: string): Pod[] =>
  object<{ items: Pod[] }>(editor, 'pods', '-l', 'app=web', '--field-selector', `spec.nodeName=${node}`)?.items ?? [];

test('scale', async () => {
  await menu('Scale…');
  await window.answer('4');
  await ready('4/4');
  expect(deployment()?.spec?.replicas).toBe(4);
});

test('a save takes back what was scaled without asking', async () => {
  await window.retypeLine(6, '  replicas: 2');
  await window.save();
  await ready('2/2');
  expect(await window.notification('Another manager').count()).toBe(0);
});

test('expose, and write the Service into the workspace', async () => {
  await menu('Expose…');
  await window.answer('NodePort');
  await window.answer('80');
  await window.answer('web-out');
  await window.notification('answers at http://127.0.0.1:').waitFor();
  expect(object<Service>(editor, 'service', 'web-out')?.spec?.type).toBe('NodePort');
  await choose(window, 'Write YAML');
  await window.answer('out.yaml');
  await window.page.locator('.tab.active[aria-label^="out.yaml"]').waitFor();
  expect(editor.read('out.yaml')).toContain('type: NodePort');
});

test('compare with the cluster', async () => {
  kubectl(editor, 'set', 'image', 'deployment/web', 'nginx=nginx:1.28');
  await window.openFile('web.yaml');
  await window.contextMenu(window.page.locator('.editor-instance').first(), 'Diff with Cluster');
  await window.page.locator('.tab.active', { hasText: 'deployment/web: cluster ↔ file' }).waitFor();
  const changed = window.page.locator('.monaco-diff-editor .view-line');
  await changed.filter({ hasText: 'nginx:1.28' }).first().waitFor();
  await changed.filter({ hasText: 'nginx:1.29' }).first().waitFor();
  expect(await changed.filter({ hasText: 'managedFields' }).count()).toBe(0);
  await window.command('View: Close Editor');
  kubectl(editor, 'rollout', 'undo', 'deployment/web');
  await ready('2/2');
});

test('restart', async () => {
  const before = deployment()?.metadata.generation ?? 0;
  await menu('Restart');
  await expect.poll(() => deployment()?.metadata.generation ?? 0).toBeGreaterThan(before);
  expect(deployment()?.spec?.template.metadata?.annotations).toHaveProperty(['kubectl.kubernetes.io/restartedAt']);
  await ready('2/2');
});

test('roll back to the revision of another image', async () => {
  await menu('Rollback to Revision…');
  await window.answer('nginx:1.28');
  await expect.poll(() => deployment()?.spec?.template.spec?.containers[0]?.image).toBe('nginx:1.28');
});

test('pause and resume', async () => {
  await menu('Pause');
  await expect.poll(() => deployment()?.spec?.paused).toBe(true);
  await window.row('Deployment', 'web').locator('.about', { hasText: 'paused' }).waitFor();
  await menu('Resume');
  await expect.poll(() => deployment()?.spec?.paused).toBeUndefined();
});

test('a terminal in a container', async () => {
  kubectl(editor, 'rollout', 'status', 'deployment/web');
  await menu('Shell');
  await window.answer('nginx');
  const terminal = window.page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea');
  await terminal.waitFor({ state: 'attached' });
  await terminal.focus();
  await window.page.keyboard.type('echo typed > /tmp/said\n');
  const said = (): string =>
    podsOf()
      .map((name) => kubectl(editor, 'exec', name, '--', 'sh', '-c', 'cat /tmp/said 2>/dev/null || true'))
      .join('');
  await expect.poll(said).toBe('typed');
  await window.page.keyboard.type('exit\n');
  await terminal.waitFor({ state: 'detached' });
});

test('a port of this machine leads to a pod', async () => {
  await window.contextMenu(window.row('Service', 'web-out'), 'Port Forward…');
  await window.answer('');
  const told = window.notification('leads to service/web-out:80');
  await told.waitFor();
  const port = /127\.0\.0\.1:(\d+)/.exec(await told.innerText())?.[1];
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('nginx');
  await choose(window, 'Stop');
  await expect.poll(() => fetch(`http://127.0.0.1:${port}/`).catch(() => 'closed')).toBe('closed');
});

test('edit the live object', async () => {
  await menu('Edit Live Object');
  await livePage();
  await window.retypeLine(await lineOf(window, 'replicas: 2'), '  replicas: 3');
  await window.save();
  await expect.poll(() => deployment()?.spec?.replicas).toBe(3);
  expect(await window.page.locator('.squiggly-error').count()).toBe(0);
  await window.command('View: Close Editor');
});

test('what the API says against an edit stands at the field', async () => {
  await menu('Edit Live Object');
  await livePage();
  await window.retypeLine(await lineOf(window, 'replicas: 3'), '  replicas: -3');
  await window.page.keyboard.press('Control+S');
  await window.notification(/must be greater than or equal to 0/).waitFor();
  await expect.poll(() => window.page.locator('.squiggly-error').count()).toBe(1);
  expect(deployment()?.spec?.replicas).toBe(3);
  await window.command('File: Revert File');
  await window.command('View: Close Editor');
});

test('revert the last apply', async () => {
  await window.openFile('web.yaml');
  await window.retypeLine(6, '  replicas: 5');
  await window.save();
  await ready('5/5');
  await window.command('Kube Playground: Revert Last Apply');
  await expect.poll(() => deployment()?.spec?.replicas).toBe(3);
});

test('a document that is removed from a file takes its object along, if wanted', async () => {
  await window.openFile('settings.yaml');
  await window.page.keyboard.press('Control+S');
  await expect.poll(() => object<ConfigMap>(editor, 'configmap', 'second')?.data?.['color']).toBe('red');
  await window.goTo(7);
  await window.page.keyboard.press('Control+Shift+End');
  await window.page.keyboard.press('Delete');
  await window.save();
  await window.notification('configmap/second').waitFor();
  await choose(window, 'Delete');
  await expect.poll(() => object(editor, 'configmap', 'second')).toBeUndefined();
  expect(object(editor, 'configmap', 'first')).toBeDefined();
});

test('drain a node', async () => {
  await window.contextMenu(window.row('Node', 'node-1'), 'Drain…');
  await dialog(window).getByText('Drain node-1?').waitFor();
  await press(window, 'Drain');
  await expect.poll(() => podsOn('node-1').length).toBe(0);
  expect(object<Node>(editor, 'node', 'node-1')?.spec?.unschedulable).toBe(true);
  await window.statusItem('node-1 is drained').waitFor();
  await window.row('Node', 'node-1').locator('.why', { hasText: 'cordoned' }).waitFor();
  await window.contextMenu(window.row('Node', 'node-1'), 'Uncordon');
  await expect.poll(() => object<Node>(editor, 'node', 'node-1')?.spec?.unschedulable).toBeUndefined();
});

test('stop a node', async () => {
  await window.contextMenu(window.row('Node', 'node-2'), 'Stop Node');
  await expect.poll(() => object<Machine>(editor, 'machine', 'node-2')?.spec?.power).toBe('Off');
  await window.row('Node', 'node-2').locator('.why', { hasText: 'switched off' }).waitFor();
  await window.contextMenu(window.row('Node', 'node-2'), 'Start Node');
  await expect.poll(() => object<Machine>(editor, 'machine', 'node-2')?.spec?.power).toBe('On');
});

test('deleting says what goes along', async () => {
  await menu('Delete Object…');
  await dialog(window).getByText('Delete deployment/web from playground?').waitFor();
  await expect.poll(() => dialog(window).innerText()).toMatch(/This goes along: .*\d+ ReplicaSet/);
  await expect.poll(() => dialog(window).innerText()).toMatch(/\d Pod/);
  await press(window, 'Delete');
  await window.row('Deployment', 'web').waitFor({ state: 'detached' });
  expect(deployment()).toBeUndefined();
});

/** Only the object as the cluster has it has a revision. */
const livePage = (): Promise<void> =>
  window.page.locator('.editor-instance .view-line', { hasText: 'resourceVersion' }).first().waitFor();
