/** The tree as a person reads it: why something fails, what is searched for, filtered and grouped, and what the next window keeps. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'service.yaml': service } });
  window = await editor.openWindow({ width: 1280, height: 1000 });
  await window.startCluster();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const rows = (): Locator => window.tree.locator('.row');
/** Name and what stands behind it, top to bottom. */
const names = async (kinds: string): Promise<string[]> =>
  (
    await window.tree
      .locator(
        kinds
          .split(' ')
          .map((kind) => `.kind-${kind} .name`)
          .join(),
      )
      .allInnerTexts()
  ).map((text) => text.replace(/\s/g, ''));
const search = (): Locator => window.tree.getByRole('textbox', { name: 'Search' });
const filters = (): Locator => window.tree.getByRole('button', { name: 'Filters and grouping' });
const grouping = (): Locator => window.tree.getByRole('combobox', { name: 'Group by', exact: true });

test('a failing pod says why on its row, and those above it that something fails', async () => {
  kubectl(editor, 'create', 'deployment', 'broken', '--image=nginx:1.2.3-none');
  const pod = window.tree.locator('.row.kind-Pod.state-failed', { hasText: 'broken-' });
  await pod.waitFor();
  await expect.poll(() => pod.locator('.why').innerText()).toMatch(/^(ImagePullBackOff|ErrImagePull): no such tag/);
  const above = window.tree.locator('.row.kind-Namespace', { hasText: 'default' });
  await above.click();
  await above.locator('.trouble').waitFor();
  expect(await above.locator('.trouble').innerText()).toMatch(/\d not healthy inside/);
  await above.click();
  await pod.waitFor();
});

test('mending it makes the row well again, and flash', async () => {
  kubectl(editor, 'set', 'image', 'deployment/broken', 'nginx=nginx:1.29');
  const row = window.row('Deployment', 'broken');
  await row.locator('.ready', { hasText: '1/1' }).waitFor();
  await expect.poll(() => row.getAttribute('class')).toMatch(/state-ok.*flash-/);
  await expect.poll(() => window.tree.locator('.row.state-failed').count()).toBe(0);
});

test('a restarted container is counted', async () => {
  const [pod = ''] = kubectl(editor, 'get', 'pods', '-l', 'app=broken', '-o', 'name').split('\n');
  expect(() => kubectl(editor, 'exec', pod, '--', 'sh', '-c', 'kill 1')).toThrow('137');
  await window.row('Pod', 'broken-').locator('.restarts', { hasText: '1' }).waitFor();
});

test('the search finds by name wherever it stands, and says how many', async () => {
  kubectl(editor, 'create', 'namespace', 'shop');
  kubectl(editor, 'apply', '-n', 'shop', '-f', `${editor.workspace}/web.yaml`);
  kubectl(editor, 'create', 'configmap', 'web-settings', '-n', 'shop');
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  await search().fill('settings');
  await expect.poll(() => names('ConfigMap Deployment Pod Node')).toEqual(['web-settings']);
  await window.tree.getByRole('status').filter({ hasText: '1 found' }).waitFor({ state: 'attached' });
  expect(await window.row('ConfigMap', 'web-settings').locator('mark').innerText()).toBe('settings');
  await search().fill('nowhere');
  await window.tree.getByText('Nothing here matches.').waitFor();
  await search().press('Escape');
  await window.row('Node', 'node-1').waitFor();
});

test('filters: one namespace, a label selector, what is not healthy', async () => {
  await filters().click();
  await window.tree.getByRole('combobox', { name: 'Namespace' }).selectOption('shop');
  await expect.poll(() => names('Deployment')).toEqual(['web']);
  await window.tree.getByRole('combobox', { name: 'Namespace' }).selectOption('');
  const selector = window.tree.getByRole('textbox', { name: 'Label selector' });
  await selector.fill('app in (broken)');
  await expect.poll(() => names('Deployment')).toEqual(['broken']);
  await selector.fill('app in (broken');
  await expect.poll(() => selector.getAttribute('aria-invalid')).toBe('true');
  await selector.fill('');
  const unhealthy = window.tree.getByRole('button', { name: 'not healthy' });
  await unhealthy.click();
  await expect.poll(() => rows().count()).toBe(0);
  kubectl(editor, 'set', 'image', 'deployment/web', 'nginx=nginx:0.0-none', '-n', 'shop');
  await expect.poll(async () => (await names('Pod')).length).toBe(1);
  kubectl(editor, 'rollout', 'undo', 'deployment/web', '-n', 'shop');
  await expect.poll(() => rows().count()).toBe(0);
  await unhealthy.click();
  await window.row('Node', 'node-1').waitFor();
});

test('grouped by node, each node has its pods below it', async () => {
  await grouping().selectOption('node');
  await expect.poll(() => names('Node')).toEqual(['node-1', 'node-2', 'node-3']);
  const shown = await names('Pod');
  const all = kubectl(editor, 'get', 'pods', '-A', '-o', 'jsonpath={.items[*].metadata.name}').split(' ');
  await expect.poll(async () => (await names('Pod')).sort()).toEqual(all.sort());
  expect(shown.length).toBeGreaterThan(0);
});

test('grouped by a label, what makes and serves pods stands with them', async () => {
  await grouping().selectOption('label');
  kubectl(editor, 'apply', '-n', 'shop', '-f', `${editor.workspace}/service.yaml`);
  const group = window.tree.locator('.row.kind-Group', { hasText: 'app=web' });
  await group.waitFor();
  await expect.poll(() => group.locator('.count').innerText()).toBe('2');
  await expect.poll(() => names('Deployment Service')).toEqual(['broken', 'web', 'web']);
});

test('what is open, filtered and grouped is kept when the window is loaded again', async () => {
  const label = (): Locator => window.tree.getByRole('textbox', { name: 'Label selector' });
  await grouping().selectOption('namespace');
  await window.tree.locator('.row.kind-Namespace', { hasText: 'default' }).click();
  await window.tree.locator('.row.kind-Namespace', { hasText: 'kube-system' }).click();
  await window.row('ServiceAccount', 'default').waitFor({ state: 'detached' });
  await label().fill('app=broken');
  await expect.poll(() => names('Deployment Namespace')).toEqual(['default']);
  // The editor writes it a moment later; whoever is quicker has the state of that moment before.
  await expect.poll(() => stored()).toContain('app=broken');
  await window.page.reload();
  // The editor opens the view that was open.
  await window.statusItem('3 nodes').waitFor();
  await expect.poll(() => names('Deployment Namespace')).toEqual(['default']);
  await expect.poll(() => label().inputValue()).toBe('app=broken');
  await label().fill('');
  const expanded = (namespace: string): Promise<string | null> =>
    window.tree.locator('.row.kind-Namespace', { hasText: namespace }).getAttribute('aria-expanded');
  await expect.poll(() => expanded('kube-system')).toBe('true');
  expect(await expanded('default')).toBe('false');
});

/** All that the editor keeps in this browser. */
const stored = (): Promise<string> =>
  window.page.evaluate<string>(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const kept = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) kept.push(await done(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return JSON.stringify(kept);
  })()`);
