/** The walkthrough is offered and never forced; each of its five steps has a button that does what it says. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pod } from '#common/schema/generated/types.ts';
import { projectFolder } from '../support/testCluster.ts';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'README.md': 'A folder of mine.\n' } });
  // Where there is less room, the editor leaves the steps' pictures out.
  window = await editor.openWindow({ width: 1680, height: 900 });
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const steps = (): Locator => window.page.locator('.getting-started-step');
const step = (title: string): Locator => steps().filter({ hasText: title });
const open = (file: string): Promise<void> => window.page.locator(`.tab.active[aria-label^="${file}"]`).waitFor();

/** Opens a step, if it is not open, and presses its button. */
async function press(title: string, button: string): Promise<void> {
  if ((await step(title).getAttribute('aria-expanded')) !== 'true') await step(title).locator('.step-title').click();
  await step(title).locator('.monaco-button', { hasText: button }).click();
}

test('nothing opens by itself; the view offers it', async () => {
  await window.openView();
  await window.tree.locator('button.primary').waitFor();
  expect(await window.page.locator('.tab').count()).toBe(0);
  expect(await window.page.locator('.notification-toast').count()).toBe(0);
  await window.tree.getByRole('button', { name: 'Take the five-step tour' }).click();
  await window.page.locator('.tab.active', { hasText: 'Welcome' }).waitFor();
  await expect.poll(() => steps().count()).toBe(5);
  await window.command('View: Close Editor');
  await window.page.locator('.tab', { hasText: 'Welcome' }).waitFor({ state: 'detached' });
});

test('the command opens it: five steps, each with a picture', async () => {
  await window.command('Kube Playground: Open the Walkthrough');
  await expect.poll(() => steps().count()).toBe(5);
  await window.page
    .locator('.getting-started-category, .category-title', { hasText: 'First steps with Kube Playground' })
    .first()
    .waitFor();
  for (const title of await steps().locator('.step-title').allInnerTexts()) {
    if ((await step(title).getAttribute('aria-expanded')) !== 'true') await step(title).locator('.step-title').click();
    const width = `document.querySelector('.getting-started-media img')?.naturalWidth`;
    await expect.poll(() => window.page.evaluate<number>(width)).toBeGreaterThan(0);
    expect(await step(title).locator('.monaco-button').count()).toBe(1);
  }
});

test('its first step starts the cluster, and is done by that', async () => {
  await press('Start a cluster', 'Start Cluster');
  await window.statusItem('3 nodes').waitFor();
  await step('Start a cluster').and(window.page.locator('[aria-checked="true"]')).waitFor();
});

test('its second copies an example into the folder and opens it; the first save makes pods', async () => {
  await press('Open an example and save it', 'Open an Example');
  await window.answer('nginx-rollout');
  await open('nginx.yaml');
  expect(readdirSync(window.pathOf('nginx-rollout'))).toEqual(readdirSync(path.join(projectFolder, 'examples', 'nginx-rollout')));
  await window.page.locator('.editor-instance .view-lines').first().click();
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window
    .row('Deployment', 'nginx')
    .locator('.ready', { hasText: /^(\d)\/\1/ })
    .waitFor();
  expect(kubectl(editor, 'get', 'pods', '-l', 'app=nginx', '-o', 'name').split('\n').length).toBeGreaterThan(1);
});

test('an example that is there already is opened, and what a person wrote into it stays', async () => {
  await window.retypeLine(1, '# Mine.');
  await window.save();
  await window.command('View: Close Editor');
  await window.command('Kube Playground: Open an Example…');
  await window.answer('nginx-rollout');
  await open('nginx.yaml');
  expect(editor.read('nginx-rollout/nginx.yaml')).toMatch(/^# Mine\.\n/);
});

test('every example is told of in a sentence, and opens a file', async () => {
  await window.command('Kube Playground: Open an Example…');
  const entries = window.page.locator('.quick-input-list .monaco-list-row');
  await entries.first().waitFor();
  // Its name has no spaces; a sentence has.
  for (const text of await entries.allInnerTexts()) expect(text).toMatch(/\w\s+\w+\s+\w+/);
  await window.answer('canary');
  await open('canary.yaml');
});

test('its third shows the tree', async () => {
  await window.command('View: Show Explorer');
  await window.command('Kube Playground: Open the Walkthrough');
  await press('See what it has become', 'Show the Cluster');
  await window.row('Deployment', 'nginx').waitFor();
});

test('its fourth opens broken examples, which say on their rows what is wrong', async () => {
  await press('Break it, and mend it', 'Open Broken Examples');
  await open('crash-loop.yaml');
  await window.openFile('image-cannot-be-pulled.yaml');
  await window.page.keyboard.press('Control+S');
  await window.tree.locator('.row.kind-Pod', { hasText: 'ImagePullBackOff: no such tag' }).first().waitFor();
  const pod = object<Pod>(editor, 'pod', 'image-cannot-be-pulled');
  expect(pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
});

test('its fifth opens a terminal', async () => {
  await window.command('Kube Playground: Open the Walkthrough');
  await press('Use kubectl in the terminal', 'Open Terminal');
  await window.page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').waitFor({ state: 'attached' });
});

test('steps are done by what a person did', async () => {
  const done = window.page.locator('.getting-started-step[aria-checked="true"] .step-title');
  await expect
    .poll(() => done.allInnerTexts())
    .toEqual(['Start a cluster', 'Open an example and save it', 'Use kubectl in the terminal']);
});
