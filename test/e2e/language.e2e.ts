/** The language server in the editor: what the API server would say, live pods on a selector, jumps and renames over files. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'service.yaml': service } });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

test('a broken value is underlined while typing, in the words of the API server', async () => {
  await window.openFile('web.yaml');
  await window.retypeLine(6, '  replicas: -3');
  await window.page.locator('.squiggly-error').first().waitFor();
  const problems = await window.problems();
  const problem = problems.filter({ hasText: 'must be greater than or equal to 0' });
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/Ln 6, Col 13/);
  await window.retypeLine(6, '  replicas: 3');
  await problem.waitFor({ state: 'detached' });
});

test('a selector’s hover lists the live pods', async () => {
  await window.startCluster();
  await window.openFile('web.yaml');
  await window.retypeLine(6, '  replicas: 3');
  await window.page.keyboard.press('Control+S');
  await window.agreeToApplyOnSave();
  await window.row('Deployment', 'web').getByText('3/3').waitFor();
  await window.openFile('service.yaml');
  const hover = await window.hover('app');
  await expect.poll(() => hover.innerText()).toContain('Deployment/web');
  await expect.poll(async () => (await hover.innerText()).match(/web-\w+-\w+/g)?.length, { timeout: 30_000 }).toBe(3);
  expect(await hover.innerText()).toMatch(/Running/);
});

test('going to the definition of a selector opens the workload', async () => {
  await window.openFile('service.yaml');
  await window.goTo(7, 7);
  await window.page.keyboard.press('F12');
  await window.page.locator('.tab.active[aria-label^="web.yaml"]').waitFor();
});

/** Gives the word at the place another name, and agrees. */
async function rename(line: number, column: number, name: string): Promise<void> {
  await window.goTo(line, column);
  await window.page.keyboard.press('F2');
  const box = window.page.locator('.rename-box input:visible');
  await box.waitFor();
  await box.fill(name);
  await window.page.keyboard.press('Enter');
}
const linesWith = (text: RegExp): Promise<number> => window.page.locator('.view-line', { hasText: text }).count();

test('renaming a label changes template and selectors in both files, at once where nothing is doubtful', async () => {
  await window.openFile('service.yaml');
  await rename(7, 11, 'shop');
  await expect.poll(() => linesWith(/app:\s+shop/)).toBe(1);
  await window.openFile('web.yaml');
  await expect.poll(() => linesWith(/app:\s+shop/)).toBe(2);
  expect(await window.page.locator('.bulk-edit-panel').count()).toBe(0);
});

test('the same label elsewhere opens the preview: what is linked is ticked, the other is for the person to tick', async () => {
  await window.openFile('web.yaml');
  await window.retypeLine(3, 'metadata: {labels: {app: shop},');
  await window.retypeLine(4, '  name: web}');
  await window.openFile('service.yaml');
  await rename(7, 11, 'store');
  const preview = window.page.locator('.bulk-edit-panel');
  const boxes = preview.locator('.textedit .edit-checkbox');
  await expect.poll(() => boxes.count()).toBe(4);
  const ticked = await Promise.all((await boxes.all()).map((box) => box.isChecked()));
  expect(ticked).toEqual([true, false, true, true]);
  await preview.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => linesWith(/app:\s+store/)).toBe(1);
  await window.openFile('web.yaml');
  await expect.poll(() => linesWith(/app:\s+store/)).toBe(2);
  expect(await linesWith(/labels:\s+\{app:\s+shop\}/)).toBe(1);
});
