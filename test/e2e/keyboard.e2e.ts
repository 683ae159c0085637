/** Without a mouse: from a fresh window to the view, the start, through the tree, into its menu and back. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment } from '#common/schema/generated/types.ts';
import { projectFolder } from '../support/testCluster.ts';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start();
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const press = (...keys: string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => window.page.keyboard.press(key)), Promise.resolve());
const active = (): Locator => window.tree.locator('.row.active');
const activeName = (): Promise<string> => active().locator('.name').innerText();
const attribute = (name: string): Promise<string | null> => active().getAttribute(name);
const focused = (): Locator => window.tree.locator(':focus');

/** From the palette, by typing and Enter. */
async function runByKeys(title: string): Promise<void> {
  await press('F1');
  await window.page.locator('.quick-input-widget input').first().waitFor();
  await window.page.keyboard.type(title);
  await window.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
  await press('Enter');
}

/** Presses a key until that is there; a person looks and presses again. */
async function pressUntil(key: string, there: Locator, most = 40): Promise<void> {
  for (let i = 0; i < most && (await there.count()) === 0; i++) await press(key);
  await there.waitFor();
}

const viewCommand = 'Kube Playground: Focus on Cluster View';

test('the palette leads to the view, and Enter starts the cluster', async () => {
  await window.page.locator('.activitybar [aria-label^="Kube Playground"]').first().waitFor();
  await runByKeys(viewCommand);
  await window.tree.locator('button.primary').waitFor();
  await pressUntil('Tab', window.tree.locator('button.primary:focus'), 3);
  expect(await outline(focused())).toBe('solid');
  await press('Enter');
  await window.statusItem('3 nodes').waitFor();
  expect(kubectl(editor, 'get', 'nodes', '-o', 'name').split('\n')).toHaveLength(3);
});

test('after the start the focus is in the tree, and to be seen', async () => {
  kubectl(editor, 'create', 'deployment', 'web', '--image=nginx:1.29', '--replicas=2', '--port=80');
  await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  await expect.poll(() => focused().getAttribute('role')).toBe('tree');
  await expect.poll(activeName).toBe('playground');
  expect(await outline(active())).toBe('solid');
});

test('arrows walk, open and close', async () => {
  await press('Home');
  expect(await attribute('aria-expanded')).toBe('true');
  await press('ArrowRight');
  await expect.poll(activeName).toBe('Nodes');
  await press('ArrowRight', 'ArrowDown');
  await expect.poll(activeName).toBe('node-2');
  await press('ArrowUp');
  await expect.poll(activeName).toBe('node-1');
  await press('ArrowLeft');
  await expect.poll(activeName).toBe('Nodes');
  await press('ArrowLeft');
  await expect.poll(() => attribute('aria-expanded')).toBe('false');
  expect(await window.tree.locator('.row.kind-Node').count()).toBe(0);
  await press(' ');
  await expect.poll(() => window.tree.locator('.row.kind-Node').count()).toBe(3);
  await press('ArrowUp');
  await expect.poll(activeName).toBe('playground');
  await press('End');
  await expect.poll(async () => attribute('data-row')).toBe(await window.tree.locator('.row').last().getAttribute('data-row'));
  await press('Home');
  await expect.poll(activeName).toBe('playground');
});

test('typing finds', async () => {
  await window.page.keyboard.type('default');
  await expect.poll(activeName).toBe('default');
  // What follows a pause begins another name.
  const typeWeb = async (): Promise<string> => {
    await window.page.keyboard.type('web');
    return activeName();
  };
  await expect.poll(typeWeb, { interval: 1_500 }).toBe('web');
  expect(await attribute('class')).toContain('kind-Deployment');
});

test('each row says where it stands', async () => {
  await expect.poll(() => attribute('aria-level')).toBe('3');
  expect(await attribute('aria-selected')).toBe('true');
  const scroller = window.tree.getByRole('tree');
  expect(await scroller.getAttribute('aria-activedescendant')).toBe(await attribute('id'));
  const nodes = window.tree.locator('.row.kind-Node');
  expect(await Promise.all([0, 1, 2].map((i) => nodes.nth(i).getAttribute('aria-posinset')))).toEqual(['1', '2', '3']);
  expect(await nodes.first().getAttribute('aria-setsize')).toBe('3');
  expect(await nodes.first().getAttribute('aria-level')).toBe('3');
});

test('axe finds nothing to object to in the editor’s own page', async () => {
  expect(await violations()).toEqual([]);
});

test.each(['Shift+F10', 'ContextMenu'])('%s opens the menu of the active row, and scales', async (key) => {
  const before = object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas ?? 0;
  await press(key);
  const menu = window.page.locator('.monaco-menu');
  await menu.locator('.action-label', { hasText: 'Scale…' }).waitFor();
  await pressUntil('ArrowDown', menu.locator('.action-item.focused', { hasText: 'Scale…' }));
  await press('Enter');
  const input = window.page.locator('.quick-input-widget input').first();
  await expect.poll(() => input.inputValue()).toBe(String(before));
  await window.page.keyboard.type(String(before + 1));
  await press('Enter');
  await expect.poll(() => object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas).toBe(before + 1);
  await runByKeys(viewCommand);
  await expect.poll(() => focused().getAttribute('role')).toBe('tree');
  expect(await activeName()).toBe('web');
});

test('Enter opens the details, and the tree remembers where it was', async () => {
  await press('Enter');
  await window.page.locator('.tab.active', { hasText: 'web' }).waitFor();
  await runByKeys(viewCommand);
  await expect.poll(() => focused().getAttribute('role')).toBe('tree');
  expect(await activeName()).toBe('web');
});

test('the search is a Tab away, and its arrow leads back into the tree', async () => {
  await pressUntil('Shift+Tab', window.tree.locator('[placeholder="Search"]:focus'), 6);
  await window.page.keyboard.type('node-3');
  await window.tree.getByText('3 found').waitFor({ state: 'attached' });
  await press('ArrowDown');
  await expect.poll(() => focused().getAttribute('role')).toBe('tree');
  await press('End');
  await expect.poll(activeName).toBe('node-3');
});

test('in a window that finds the cluster running, the palette leads right into the tree', async () => {
  window = await editor.openWindow();
  await window.statusItem('3 nodes').waitFor();
  await runByKeys(viewCommand);
  await expect.poll(() => focused().getAttribute('role')).toBe('tree');
  await press('ArrowDown');
  await expect.poll(() => active().count()).toBe(1);
});

interface Styled {
  readonly role: string | null;
}
declare function getComputedStyle(element: Styled): { readonly outlineStyle: string };
const outline = (element: Locator): Promise<string> => element.evaluate((each: Styled) => getComputedStyle(each).outlineStyle);

async function violations(): Promise<string[]> {
  const frame = await (await window.tree.locator('body').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the view has no page');
  const axe = readFileSync(path.join(projectFolder, 'node_modules/axe-core/axe.min.js'), 'utf8');
  const found = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`;
  return frame.evaluate(`(() => { ${axe}; return ${found}; })()`);
}
