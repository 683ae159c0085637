/** Another context of the kubeconfig: to be looked at only, unless the person's own settings name it; then each save asks. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment } from '#common/schema/generated/types.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { object } from './support/api.ts';
import { choices, dialog, press } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

let other: TestCluster;
let editor: Editor;
let window: EditorWindow;
const allowed = { 'kubePlayground.allowedContexts': ['staging'] };

beforeAll(async () => {
  other = await startTestCluster();
  const [context = ''] = kubectl('config', 'get-contexts', '-o', 'name').split('\n');
  kubectl('config', 'rename-context', context, 'staging');
  kubectl('create', 'deployment', 'theirs', '--image=nginx:1.29');
  await openEditor({});
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(async () => {
  await editor?.close();
  await other?.stop();
});

/** With web.yaml applied to the playground. What its folder says of other contexts counts for nothing. */
async function openEditor(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folderSettings = JSON.stringify(allowed);
  editor = await Editor.start({
    kubeconfig: other.kubeconfig,
    files: { 'web.yaml': web, '.vscode/settings.json': folderSettings },
    settings,
  });
  window = await editor.openWindow();
  await window.startCluster();
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
}

const kubectl = (...args: readonly string[]): string =>
  execFileSync('kubectl', args, { encoding: 'utf8', env: { ...process.env, KUBECONFIG: other.kubeconfig } }).trim();
const there = (): string => kubectl('get', 'deployments', '-o', 'name');
const replicasThere = (): string => kubectl('get', 'deployment', 'web', '--ignore-not-found', '-o', 'jsonpath={.spec.replicas}');
const here = (): number | undefined => object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas;
async function show(cluster: string): Promise<void> {
  await window.command('Kube Playground: Select Cluster…');
  await choices(window).filter({ hasText: cluster }).first().click();
}
async function save(replicas: number): Promise<void> {
  await window.openFile('web.yaml');
  await window.retypeLine(6, `  replicas: ${replicas}`);
  await window.save();
}

test('a context is shown read-only, and never looks like the playground', async () => {
  await window.command('Kube Playground: Select Cluster…');
  const entry = choices(window).filter({ hasText: 'staging' }).first();
  await entry.waitFor();
  expect(await entry.innerText()).toContain('read-only');
  await entry.click();
  const status = window.statusItem('staging · 3 nodes');
  await status.waitFor();
  expect(await status.locator('.codicon-lock').count()).toBe(1);
  await window.row('Deployment', 'theirs').waitFor();
  await window.row('Deployment', 'web').waitFor({ state: 'detached' });
});

test('what would change it is not offered, what shows it is', async () => {
  await window.row('Deployment', 'theirs').click({ button: 'right' });
  const entry = (text: string): ReturnType<typeof window.page.locator> =>
    window.page.locator('.context-view .action-item', { hasText: text }).first();
  await entry('Describe').waitFor();
  for (const text of ['Scale…', 'Restart', 'Delete Object…'])
    expect(await entry(text).getAttribute('class'), text).toContain('disabled');
  expect(await entry('Describe').getAttribute('class')).not.toContain('disabled');
  await window.page.keyboard.press('Escape');
  await window.page.keyboard.press('F1');
  const input = window.page.locator('.quick-input-widget input').first();
  await input.fill('>Kube Playground: S');
  await choices(window).filter({ hasText: 'Select Cluster' }).first().waitFor();
  expect(await choices(window).filter({ hasText: 'Kube Playground: Scale' }).count()).toBe(0);
  await window.page.keyboard.press('Escape');
});

test('a save goes nowhere: neither there nor to the playground that is not shown', async () => {
  await save(4);
  await show('playground');
  await window.statusItem('⎈ playground').waitFor();
  await window.row('Deployment', 'web').waitFor();
  expect(here()).toBe(3);
  await save(2);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  expect(there()).toBe('deployment.apps/theirs');
});

test('named in the person’s own settings it can be changed, and each save asks', async () => {
  await editor.close();
  await openEditor(allowed);
  await show('staging');
  await window.statusItem('staging · 3 nodes').locator('.codicon-unlock').waitFor();
  await save(1);
  await dialog(window).getByText('Apply web.yaml to the cluster staging? It is not the playground.').waitFor();
  await press(window, 'Cancel');
  await save(5);
  await dialog(window).getByText('Apply web.yaml to the cluster staging?').waitFor();
  expect(there()).toBe('deployment.apps/theirs');
  await press(window, 'Apply');
  await expect.poll(replicasThere).toBe('5');
  expect(here()).toBe(3);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '5/5' }).waitFor();
});

test('a right click asks and says which cluster it is about', async () => {
  await window.contextMenu(window.row('Deployment', 'theirs'), 'Delete Object…');
  await dialog(window).getByText('Delete deployment/theirs from staging?').waitFor();
  await press(window, 'Delete');
  await expect.poll(there).toBe('deployment.apps/web');
});

test('a cluster that goes away is told of', async () => {
  await other.stop('SIGKILL');
  await window.statusItem('staging · does not answer').waitFor();
  await show('playground');
  await window.statusItem('⎈ playground · 3 nodes').waitFor();
});
