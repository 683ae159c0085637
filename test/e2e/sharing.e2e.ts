/** Two windows on one folder: the cluster stays one, comes back for both, and ends some time after the last of them. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

let editor: Editor;
let first: EditorWindow;
let second: EditorWindow;
let looking: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web } });
  first = await editor.openWindow();
  looking = first;
});
beforeEach(() => pictureOnFailure(() => looking));
afterAll(() => editor?.close());

const pid = (): number => {
  const runtime = editor.runtime();
  if (!runtime) throw new Error('nothing runs');
  return runtime.pid;
};
const isAlive = (process_: number): boolean => existsSync(`/proc/${process_}`);

test('a second window on the folder shows the same cluster without starting one', async () => {
  await first.startCluster();
  const started = pid();
  second = await editor.openWindow();
  looking = second;
  await second.openView();
  await second.statusItem('3 nodes').waitFor();
  expect(pid()).toBe(started);
  kubectl(editor, 'create', 'deployment', 'both', '--image=nginx:1.29');
  await first.row('Deployment', 'both').waitFor();
  await second.row('Deployment', 'both').waitFor();
});

test('a save in one window shows in the other', async () => {
  await second.openFile('web.yaml');
  await second.page.keyboard.press('Control+S');
  await second.agreeToApplyOnSave();
  await first.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});

test('a runtime that is killed comes back once, for both', async () => {
  const died = pid();
  process.kill(died, 'SIGKILL');
  await Promise.all([first, second].map((each) => each.notification('restarted on the same state').waitFor()));
  await first.statusItem('3 nodes').waitFor();
  await second.statusItem('3 nodes').waitFor();
  expect(pid()).not.toBe(died);
  expect(kubectl(editor, 'get', 'deployment', 'both', '-o', 'name')).toBe('deployment.apps/both');
  kubectl(editor, 'create', 'deployment', 'afterwards', '--image=nginx:1.29');
  await first.row('Deployment', 'afterwards').waitFor();
  await second.row('Deployment', 'afterwards').waitFor();
});

test('what one window stops is stopped for the other, which can start it again for both', async () => {
  await second.command('Kube Playground: Stop Cluster');
  await second.tree.locator('button.primary').waitFor();
  await first.tree.locator('button.primary').waitFor();
  await first.tree.locator('button.primary').click();
  await first.statusItem('3 nodes').waitFor();
  await first.row('Deployment', 'both').waitFor();
  await second.statusItem('3 nodes').waitFor();
  await second.row('Deployment', 'both').waitFor();
});

test('closing one of two windows ends nothing, and neither does loading the other again', async () => {
  const running = pid();
  await editor.closeWindow(second);
  looking = first;
  kubectl(editor, 'delete', 'deployment', 'both');
  await first.row('Deployment', 'both').waitFor({ state: 'detached' });
  await first.page.reload();
  await first.statusItem('3 nodes').waitFor();
  await first.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  expect(pid()).toBe(running);
  expect(isAlive(running)).toBe(true);
});

test('closing the last one ends the process; the next finds the state when it starts the cluster', async () => {
  const running = pid();
  await editor.closeWindow(first);
  await expect.poll(() => isAlive(running)).toBe(false);
  first = await editor.openWindow();
  looking = first;
  await first.startCluster();
  await first.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
