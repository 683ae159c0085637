/** The lines above an object in a file: how it is in the cluster, and clicks that apply, compare, show logs, describe and delete. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment } from '#common/schema/generated/types.ts';
import { kubectl, object } from './support/api.ts';
import { dialog, press } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'all.yaml': `${web}---\n${service}` } });
  window = await editor.openWindow();
  await window.startCluster();
  await window.openFile('all.yaml');
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

/** Those above the first object stand before those above the second. */
const lens = (text: string | RegExp, index = 0): Locator =>
  window.page.locator('.codelens-decoration a, .codelens-decoration > span', { hasText: text }).nth(index);
/** Clicks on it until something has come of it: as long as an editor has just been opened, its lenses are of paper. */
async function click(link: Locator, effect: Locator): Promise<void> {
  for (let isThere = false; !isThere;) {
    await link.click();
    isThere = await effect.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  }
}
const deployment = (): Deployment | undefined => object<Deployment>(editor, 'deployment', 'web');

test('what is not in the cluster says so, and can be applied by itself', async () => {
  await lens('not in the cluster', 1).waitFor();
  await click(lens(/^Apply$/), lens(/\d\/3 ready/));
  await lens(/3\/3 ready/).waitFor();
  expect(deployment()?.spec?.replicas).toBe(3);
  expect(object(editor, 'service', 'web')).toBeUndefined();
});

test('what differs from the cluster says so, and can be compared', async () => {
  kubectl(editor, 'set', 'image', 'deployment/web', 'nginx=nginx:1.28');
  // The links move as long as the counts before them change.
  kubectl(editor, 'rollout', 'status', 'deployment/web', '--timeout=60s');
  await lens(/3\/3 ready · .* · differs from cluster/).waitFor();
  await click(lens(/^Diff$/), window.page.locator('.tab.active', { hasText: 'deployment/web: cluster ↔ file' }));
  const lines = window.page.locator('.monaco-diff-editor .view-line');
  await lines.filter({ hasText: 'nginx:1.28' }).first().waitFor();
  await lines.filter({ hasText: 'nginx:1.29' }).first().waitFor();
  await window.command('View: Close Editor');
});

test('logs of all its pods', async () => {
  await click(lens(/^Logs$/), window.page.locator('.part.panel .view-line', { hasText: /web-\w+-\w+\snginx\s│/ }).first());
  await window.page.locator('.part.panel').getByRole('button', { name: 'Hide Panel' }).first().click();
});

test('its page', async () => {
  await click(lens(/\d ready/), window.page.locator('.tab.active', { hasText: 'Deployment web' }));
  await window.command('View: Close Editor');
});

test('deleting asks, and takes its object and no other', async () => {
  await window.goTo(1);
  await lens('not in the cluster').waitFor();
  await click(lens(/^Apply$/, 1), window.row('Service', 'web'));
  await click(lens(/^Delete$/), dialog(window).getByText('Delete deployment/web from playground?'));
  await press(window, 'Delete');
  await expect.poll(deployment).toBeUndefined();
  await lens('not in the cluster').waitFor();
  expect(object(editor, 'service', 'web')).toBeDefined();
});
