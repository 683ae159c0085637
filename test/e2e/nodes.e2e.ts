/** Nodes by right click: what each can be asked for now, cordoned, drained, off, on, and one more. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Machine, Node, Pod } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { dialog, menuOf, press } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';

/** Its pods leave a node that is silent at once, where others give it five minutes. */
const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      tolerations:
        - key: node.kubernetes.io/unreachable
          operator: Exists
          effect: NoExecute
          tolerationSeconds: 1
      containers:
        - name: nginx
          image: nginx:1.29
`;
const agent = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels:
      app: agent
  template:
    metadata:
      labels:
        app: agent
    spec:
      containers:
        - name: agent
          image: nginx:1.29
`;

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'agent.yaml': agent } });
  window = await editor.openWindow({ width: 1280, height: 1000 });
  await window.startCluster();
  kubectl(editor, 'apply', '-f', editor.workspace);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const row = (name: string): ReturnType<typeof window.row> => window.row('Node', name);
const node = (name: string): Node | undefined => object<Node>(editor, 'node', name);
const machine = (name: string): Machine | undefined => object<Machine>(editor, 'machine', name);
const podsOn = (name: string, app: string): Pod[] =>
  object<{ items: Pod[] }>(editor, 'pods', '-l', `app=${app}`, '--field-selector', `spec.nodeName=${name}`)?.items ?? [];
const alive = (name: string): number => podsOn(name, 'web').filter(({ metadata }) => !metadata.deletionTimestamp).length;
const menu = async (name: string): Promise<string[]> => menuOf(window, row(name));

test('a node that is on offers to be stopped, not to be started', async () => {
  await expect.poll(() => menu('node-1')).toEqual(expect.arrayContaining(['Stop Node', 'Cordon', 'Drain…']));
  const entries = await menu('node-1');
  expect(entries).not.toContain('Start Node');
  expect(entries).not.toContain('Uncordon');
});

test('cordon and uncordon: the row says so, and new pods go elsewhere', async () => {
  await window.contextMenu(row('node-2'), 'Cordon');
  await row('node-2').locator('.why', { hasText: 'cordoned' }).waitFor();
  expect(node('node-2')?.spec?.unschedulable).toBe(true);
  kubectl(editor, 'scale', 'deployment/web', '--replicas=9');
  await window.row('Deployment', 'web').locator('.ready', { hasText: '9/9' }).waitFor();
  expect(podsOn('node-2', 'web').length).toBeLessThanOrEqual(1);
  expect(await menu('node-2')).not.toContain('Cordon');
  await window.contextMenu(row('node-2'), 'Uncordon');
  await row('node-2').locator('.why').waitFor({ state: 'detached' });
  expect(node('node-2')?.spec?.unschedulable).toBeUndefined();
});

test('drain says what leaves and what stays, and may be declined', async () => {
  const before = podsOn('node-1', 'web').length;
  await window.contextMenu(row('node-1'), 'Drain…');
  await dialog(window).getByText('Drain node-1?').waitFor();
  expect(await dialog(window).innerText()).toMatch(
    new RegExp(`${before} pod\\(s\\) are evicted[\\s\\S]*These stay, since they belong to the node: agent-`),
  );
  await press(window, 'Cancel');
  expect(node('node-1')?.spec?.unschedulable).toBeUndefined();
  await window.contextMenu(row('node-1'), 'Drain…');
  await press(window, 'Drain');
  await window.statusItem('node-1 is drained').waitFor();
  expect(podsOn('node-1', 'web')).toHaveLength(0);
  expect(podsOn('node-1', 'agent')).toHaveLength(1);
  await window.contextMenu(row('node-1'), 'Uncordon');
  await expect.poll(() => node('node-1')?.spec?.unschedulable).toBeUndefined();
});

test('a node whose plug is pulled goes NotReady, and its pods are made again elsewhere', { timeout: 240_000 }, async () => {
  expect(alive('node-3')).toBeGreaterThan(0);
  await window.contextMenu(row('node-3'), 'Stop Node');
  await window.statusItem('node/node-3 is off').waitFor();
  expect(machine('node-3')?.spec?.power).toBe('Off');
  await row('node-3').locator('.why', { hasText: 'NotReady' }).waitFor({ timeout: 120_000 });
  await window.statusItem('2 of 3 nodes ready').waitFor();
  await expect.poll(() => alive('node-3'), { timeout: 60_000 }).toBe(0);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '9/9' }).waitFor({ timeout: 60_000 });
  expect(alive('node-1') + alive('node-2')).toBe(9);
});

test('started again it is ready, and takes pods', async () => {
  const entries = await menu('node-3');
  expect(entries).toContain('Start Node');
  expect(entries).not.toContain('Stop Node');
  await window.contextMenu(row('node-3'), 'Start Node');
  await window.statusItem('3 nodes').waitFor({ timeout: 60_000 });
  expect(machine('node-3')?.spec?.power).toBe('On');
  kubectl(editor, 'scale', 'deployment/web', '--replicas=15');
  await expect.poll(() => alive('node-3')).toBeGreaterThan(0);
});

test('one more node', async () => {
  await window.contextMenu(window.row('Cluster', 'playground'), 'Add Node…');
  await window.answer('big-one');
  await window.statusItem('4 nodes').waitFor();
  await row('big-one').waitFor();
  expect(node('big-one')?.status?.capacity?.['cpu']).toBe('8');
  await expect.poll(() => podsOn('big-one', 'agent').length).toBe(1);
});

test('a name that is taken is refused while it is typed', async () => {
  await window.command('Kube Playground: Add Node…');
  const input = window.page.locator('.quick-input-widget:not([style*="display: none"]) input').first();
  await expect.poll(() => input.inputValue()).toBe('node-4');
  await input.fill('node-1');
  await window.page.locator('.quick-input-message', { hasText: 'There is a node node-1 already.' }).waitFor();
  await window.page.keyboard.press('Escape');
  expect(kubectl(editor, 'get', 'machines', '-o', 'name').split('\n')).toHaveLength(4);
});
