/** A runtime that dies while pods run, and a cluster that is stopped and started: nothing of its state is lost. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pod } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web } });
  window = await editor.openWindow();
  await window.startCluster();
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

/** What a pod is by: another pod of the same name would have another uid. */
const pods = (): string[] =>
  (object<{ items: Pod[] }>(editor, 'pods', '-l', 'app=web')?.items ?? []).map(({ metadata: { name, uid } }) => `${name} ${uid}`);
const rows = (): Promise<string[]> =>
  window.tree.locator('.row').evaluateAll((all) => all.map((row) => `${row.dataset['row']} ${row.ariaExpanded}`));
const pid = (): number => {
  const runtime = editor.runtime();
  if (!runtime) throw new Error('nothing runs');
  return runtime.pid;
};

test('the tree is opened down to the pods', async () => {
  const replicaSet = window.row('ReplicaSet', 'web-');
  if (!(await replicaSet.isVisible())) await window.row('Deployment', 'web').locator('.twisty').click();
  if ((await replicaSet.getAttribute('aria-expanded')) !== 'true') await replicaSet.locator('.twisty').click();
  await expect.poll(() => window.tree.locator('.row.kind-Pod').count()).toBe(3);
});

test('a runtime that is killed is restarted on its state; the tree stays as it was', async () => {
  const [before, shown, died] = [pods(), await rows(), pid()];
  process.kill(died, 'SIGKILL');
  await window.notification('The cluster ended unexpectedly and was restarted on the same state.').waitFor();
  expect(pid()).not.toBe(died);
  expect(pods()).toEqual(before);
  await window.statusItem('3 nodes').waitFor();
  expect(await rows()).toEqual(shown);
  expect(await window.tree.locator('.banner').count()).toBe(0);
});

test('it is as alive as before', async () => {
  kubectl(editor, 'rollout', 'status', 'deployment/web', '--timeout=60s');
  await window.retypeLine(6, '  replicas: 4');
  await window.save();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '4/4' }).waitFor();
  await expect.poll(() => window.tree.locator('.row.kind-Pod').count()).toBe(4);
});

test('a save while it comes back is not lost', async () => {
  const died = pid();
  process.kill(died, 'SIGKILL');
  await window.retypeLine(6, '  replicas: 3');
  await window.save();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  expect(pods()).toHaveLength(3);
});

test('Stop Cluster ends the process; Start Cluster brings everything back', async () => {
  const [before, shown, ended] = [pods(), await rows(), pid()];
  await window.command('Kube Playground: Stop Cluster');
  await window.tree.locator('button.primary').waitFor();
  await expect.poll(() => isAlive(ended)).toBe(false);
  expect(await window.statusItem('playground').innerText()).not.toContain('nodes');
  await window.command('Kube Playground: Start Cluster');
  await window.statusItem('3 nodes').waitFor();
  expect(pid()).not.toBe(ended);
  expect(pods()).toEqual(before);
  await expect.poll(rows).toEqual(shown);
});

test('what dies again and again is not started for ever; a person decides', async () => {
  const told = window.notification(/ended unexpectedly\.(?! and)/);
  for (let deaths = 0; deaths < 5 && (await told.count()) === 0; deaths++) {
    const died = pid();
    process.kill(died, 'SIGKILL');
    await expect.poll(async () => (await told.count()) > 0 || (pid() !== died && isAlive(pid()))).toBe(true);
  }
  await window.tree.locator('button.primary').waitFor();
  await told.locator('.monaco-button', { hasText: 'Start Cluster' }).click();
  await window.statusItem('3 nodes').waitFor();
  expect(pods()).toHaveLength(3);
});

function isAlive(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
