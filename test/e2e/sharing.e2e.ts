/** Two windows on one folder, and a runtime that dies: the cluster stays one, and comes back as it was. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

let editor: Editor;
let first: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web } });
  first = await editor.openWindow();
  looking = first;
});
let looking: EditorWindow;
beforeEach(() => pictureOnFailure(() => looking));
afterAll(() => editor?.close());

test('a second window on the folder shows the same cluster without starting one', async () => {
  await first.startCluster();
  const pid = editor.runtime()?.pid;
  const second = await editor.openWindow();
  looking = second;
  await second.openView();
  await second.statusItem('3 nodes').waitFor();
  expect(editor.runtime()?.pid).toBe(pid);
  kubectl(editor, 'create', 'deployment', 'both', '--image=nginx:1.29');
  await first.row('Deployment', 'both').waitFor();
  await second.row('Deployment', 'both').waitFor();
});

test('a runtime that is killed is told of and comes back on the same state', async () => {
  const pid = editor.runtime()?.pid;
  if (pid === undefined) throw new Error('nothing runs');
  process.kill(pid, 'SIGKILL');
  await first.notification('restarted on the same state').waitFor();
  expect(editor.runtime()?.pid).not.toBe(pid);
  expect(kubectl(editor, 'get', 'deployment', 'both', '-o', 'name')).toBe('deployment.apps/both');
  await first.row('Deployment', 'both').waitFor();
});
