/** The page of an object: opened from the tree, alive while it is open, with links, events, YAML, differences, logs and a timeline. */
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';

const ticker = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ticker
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ticker
  template:
    metadata:
      labels:
        app: ticker
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: tick
          image: busybox:1.37
          command: [sh, -c, 'echo begun; i=0; while true; do echo tick $i; i=$((i+1)); sleep 1; done']
`;

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web, 'ticker.yaml': ticker } });
  window = await editor.openWindow({ width: 1400, height: 900 });
  await window.startCluster();
  kubectl(editor, 'apply', '-f', editor.workspace);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const page = (): FrameLocator => window.details;
const tab = (name: string): Locator => page().getByRole('tab', { name });
const fact = (label: string): Locator =>
  page()
    .locator('.fact', { has: page().getByText(label, { exact: true }) })
    .first();
async function describe(kind: string, name: string): Promise<void> {
  await window.contextMenu(window.row(kind, name), 'Describe');
  await page().getByRole('heading', { level: 1, name }).waitFor();
}
const lines = (): Locator => page().locator('.log .line');

test('it opens from the tree and lives', async () => {
  await describe('Deployment', 'web');
  await window.page.locator('.tab.active', { hasText: 'Deployment web' }).waitFor();
  await page().getByRole('cell', { name: 'MinimumReplicasAvailable' }).first().waitFor();
  expect(await fact('Replicas').innerText()).toMatch(/3 desired/);
  kubectl(editor, 'scale', 'deployment/web', '--replicas=4');
  await expect.poll(() => fact('Replicas').innerText()).toMatch(/4 desired/);
});

test('links lead to related objects and back', async () => {
  await page()
    .locator('#section-related a', { hasText: /^ReplicaSet web-/ })
    .first()
    .click();
  await page().locator('.subtitle', { hasText: 'ReplicaSet' }).waitFor();
  await page()
    .locator('a', { hasText: /^Pod web-/ })
    .first()
    .click();
  await page().locator('.subtitle', { hasText: 'Pod' }).waitFor();
  await page().locator('article.card', { hasText: 'nginx' }).getByText('Running').first().waitFor();
  await page().getByRole('button', { name: 'Back' }).click();
  await page().locator('.subtitle', { hasText: 'ReplicaSet' }).waitFor();
  await page().getByRole('button', { name: 'Back' }).click();
  await page().locator('.subtitle', { hasText: 'Deployment' }).waitFor();
});

test('YAML as stored, with and without managed fields', async () => {
  await tab('YAML').click();
  const yaml = page().locator('pre.yaml');
  await expect.poll(() => yaml.innerText()).toContain('replicas: 4');
  expect(await yaml.innerText()).not.toContain('managedFields');
  await page().getByRole('button', { name: 'Managed fields' }).click();
  await expect.poll(() => yaml.innerText()).toContain('manager: kubectl-client-side-apply');
  await page().getByRole('button', { name: 'Managed fields' }).click();
  await expect.poll(() => yaml.innerText()).not.toContain('managedFields');
});

test('what applying the file would change', async () => {
  await tab('Changes').click();
  await page().getByText('What applying web.yaml would change').waitFor();
  await expect.poll(() => page().locator('.diff del').allInnerTexts()).toEqual([expect.stringContaining('replicas: 4')]);
  await expect.poll(() => page().locator('.diff ins').allInnerTexts()).toEqual([expect.stringContaining('replicas: 3')]);
});

test('a timeline of its states', async () => {
  await tab('Timeline').click();
  await expect.poll(() => page().locator('.timeline li').count()).toBeGreaterThan(1);
  expect(await page().locator('.timeline').innerText()).toContain('Created');
});

test('logs of all its pods with coloured names, followed and searched', async () => {
  await describe('Deployment', 'ticker');
  await tab('Logs').click();
  await expect.poll(async () => new Set(await page().locator('.log .source').allInnerTexts()).size).toBe(2);
  const classes = await page()
    .locator('.log .source')
    .evaluateAll((all) => all.map(({ className }) => String(className)));
  expect(new Set(classes).size).toBe(2);
  const count = async (): Promise<number> => Number(/\d+/.exec(await page().locator('.log-foot').innerText())?.[0]);
  const before = await count();
  await expect.poll(count).toBeGreaterThan(before);
  await page().getByRole('searchbox', { name: 'Search the log' }).fill('BEGUN');
  await expect.poll(() => page().locator('.log-search .count').innerText()).toBe('2 of 2');
  expect(await page().locator('.log mark').first().innerText()).toBe('begun');
  await page().getByRole('button', { name: 'Follow' }).click();
  await expect.poll(() => page().getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed')).toBe('false');
});

test('a container that was killed has a last state, and a log of its previous run', async () => {
  const [name = ''] = kubectl(editor, 'get', 'pods', '-l', 'app=ticker', '-o', 'jsonpath={.items[*].metadata.name}').split(' ');
  const pod = window.row('Pod', name);
  expect(() => kubectl(editor, 'exec', name, '--', 'sh', '-c', 'kill -9 1; kill 1')).toThrow();
  await pod.locator('.restarts', { hasText: '1' }).waitFor();
  await describe('Pod', name);
  const card = page().locator('article.card', { hasText: 'tick' });
  await expect.poll(() => card.innerText()).toMatch(/Last state[\s\S]*Terminated/);
  await tab('Logs').click();
  await page().getByRole('button', { name: 'Previous run' }).click();
  await expect.poll(() => lines().first().innerText()).toContain('begun');
  await page().locator('.log-foot').waitFor();
});

test('events come as they happen, with repeats folded', async () => {
  kubectl(editor, 'set', 'image', 'deployment/ticker', 'tick=busybox:0.0-none');
  const broken = window.tree.locator('.row.kind-Pod.state-failed').first();
  await window.contextMenu(broken, 'Describe');
  await page().locator('.why.headline', { hasText: 'no such tag' }).waitFor();
  await tab('Events').click();
  const row = page().locator('table.events tr.warning', { hasText: 'Failed' }).first();
  await row.waitFor();
  await expect
    .poll(() => page().locator('table.events .number', { hasText: '×' }).count(), { timeout: 90_000 })
    .toBeGreaterThan(0);
  const messages = await page().locator('table.events .message').allInnerTexts();
  expect(new Set(messages).size).toBe(messages.length);
});

test('an object that goes is told of, and what was known of it stays', async () => {
  await describe('Deployment', 'ticker');
  kubectl(editor, 'delete', 'deployment', 'ticker');
  await page().locator('.banner', { hasText: 'This object is gone.' }).waitFor();
  expect(await page().getByRole('heading', { level: 1 }).innerText()).toBe('ticker');
});
