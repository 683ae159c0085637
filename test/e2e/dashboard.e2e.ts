/** The dashboard without an editor: the command prints an address that opens once, and the page does what the side bar does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../extension/chromium.ts';
import { cliFile, startTestCluster, type TestCluster } from '../support/testCluster.ts';

let folder: string;
let cluster: TestCluster;
let command: ChildProcess;
let browser: Browser;
let page: Page;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-e2e-'));
  cluster = await startTestCluster({ state: folder });
  kubectl('create', 'deployment', 'web', '--image=nginx:1.29', '--replicas=2');
  kubectl('create', 'deployment', 'broken', '--image=nginx:0.0-none');
  command = spawn(process.execPath, [cliFile, 'dashboard', '--no-open', '--state', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = await printedAddress(command);
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: { width: 1100, height: 800 } })).newPage();
  await page.goto(url);
});

afterAll(async () => {
  await browser?.close();
  command?.kill();
  await cluster?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function printedAddress({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the command has no output');
  for await (const line of createInterface({ input: stdout })) {
    const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error('the command ended without an address');
}

const kubectl = (...args: readonly string[]): string =>
  execFileSync('kubectl', args, { encoding: 'utf8', env: { ...process.env, KUBECONFIG: cluster.kubeconfig } }).trim();
const row = (kind: string, name: string): Locator => page.locator(`.row.kind-${kind}`, { hasText: name }).first();
const details = (): FrameLocator => page.frameLocator('.side iframe');
async function menu(target: Locator, entry: string): Promise<void> {
  await target.click({ button: 'right' });
  await page.getByRole('menuitem', { name: entry }).click();
}

test('the page shows the live tree, and why a pod fails', async () => {
  await row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
  await page.locator('.row.kind-Pod .why', { hasText: /ImagePull.*no such tag/ }).waitFor();
  kubectl('scale', 'deployment/web', '--replicas=3');
  await row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});

test('the address works once; the page that used it goes on after a reload', async () => {
  expect(new URL(page.url()).search).toBe('');
  const other = await browser.newContext();
  const answer = await (await other.newPage()).goto(url);
  expect(answer?.status()).toBe(403);
  await other.close();
  await page.reload();
  await row('Deployment', 'web').waitFor();
});

test('a right click scales after asking for a number', async () => {
  await menu(row('Deployment', 'web'), 'Scale…');
  const replicas = page.getByRole('spinbutton');
  await expect.poll(() => replicas.inputValue()).toBe('3');
  await replicas.fill('1');
  await page.getByRole('button', { name: 'Scale' }).click();
  await row('Deployment', 'web').locator('.ready', { hasText: '1/1' }).waitFor();
  expect(kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
});

test('details stand beside the tree, live, with links', async () => {
  await menu(row('Deployment', 'web'), 'Describe');
  await details().getByRole('heading', { name: 'web', exact: true }).waitFor();
  await details().locator('#section-related a', { hasText: 'web-' }).first().click();
  await details().locator('.subtitle', { hasText: 'ReplicaSet' }).waitFor();
  await details().getByRole('button', { name: 'Back' }).click();
  await details().getByRole('heading', { name: 'web', exact: true }).waitFor();
});

test('deleting asks first and says what goes along', async () => {
  await menu(row('Deployment', 'broken'), 'Delete Object…');
  const question = page.getByRole('dialog');
  expect(await question.innerText()).toContain('Its pods go with it.');
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(kubectl('get', 'deployment', 'broken', '-o', 'name')).toBe('deployment.apps/broken');
  await menu(row('Deployment', 'broken'), 'Delete Object…');
  await question.getByRole('button', { name: 'Delete' }).click();
  await row('Deployment', 'broken').waitFor({ state: 'detached' });
  expect(kubectl('get', 'deployments', '-o', 'name')).toBe('deployment.apps/web');
});
