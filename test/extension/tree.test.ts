/**
 * The tree's page in Chromium, fed from a real cluster: what is on the screen is what the cluster holds. With PICTURES=1 it
 * also writes docs/images. CI has a Chromium; elsewhere the suite is skipped where there is none.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Deployment } from '#common/schema/generated/types.ts';
import { type ApiClient, createApiClient, mergePatch } from '#apiClient/apiClient.ts';
import { readKubeconfig } from '#apiClient/kubeconfig/contextAccess.ts';
import { Resources } from '#apiClient/resources.ts';
import { applyDocuments } from '../../client/src/apply/applier.ts';
import { parseManifests } from '../../client/src/apply/manifestDocuments.ts';
import { projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { chromiumFile, launchChromium } from './chromium.ts';
import { serveTree, type TreeServer } from './treeServer.ts';

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: "nginx:1.27", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: broken}
spec: {containers: [{name: app, image: "nginx:no-such-tag"}]}
`;

let cluster: TestCluster;
let api: ApiClient;
let browser: Browser;
let server: TreeServer;
let page: Page;
const problems: string[] = [];

describe.skipIf(chromiumFile === undefined && !process.env['CI'])('the tree', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    [cluster, browser] = await Promise.all([startTestCluster(), launchChromium()]);
    api = createApiClient(await readKubeconfig(cluster.kubeconfig));
    await apply(manifests);
    server = await serveTree(createApiClient(await readKubeconfig(cluster.kubeconfig)));
    page = await open();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    api?.close();
    await cluster?.stop();
  });

  beforeEach(() => expect(problems).toEqual([]));

  test('shows nodes, workloads down to containers, and Services with their endpoints', async () => {
    await row('web', 'Deployment').filter({ hasText: '2/2' }).waitFor();
    expect(await row('playground', 'Cluster').innerText()).toContain('3/3');
    expect(await page.locator('.kind-Node').count()).toBe(3);
    expect(await page.locator('.kind-ReplicaSet').count()).toBe(1);
    const pod = page.locator('.kind-Pod', { hasText: 'web-' }).first();
    await pod.click();
    await row('nginx', 'Container').waitFor();
    await pod.click();
    await row('nginx', 'Container').waitFor({ state: 'detached' });
    await row('web', 'Service').filter({ hasText: '2/2' }).click();
    await page.locator('.kind-Endpoint').nth(1).waitFor();
    await row('web', 'Service').click();
  });

  test('a failing pod says why on its row', async () => {
    await row('broken', 'Pod')
      .locator('.why', { hasText: /(ErrImagePull|ImagePullBackOff): .*no-such-tag/ })
      .waitFor();
    expect(await row('broken', 'Pod').getAttribute('aria-label')).toMatch(/^broken, Pod, failed, 0\/1 ready, /);
  });

  test('follows the cluster', async () => {
    await api.send<Deployment>(
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/web/scale',
      { spec: { replicas: 4 } },
      mergePatch,
    );
    await row('web', 'Deployment').filter({ hasText: '4/4' }).waitFor();
    await expect.poll(() => page.locator('.kind-Pod').count()).toBe(5);
    await api.send('PATCH', '/apis/apps/v1/namespaces/default/deployments/web/scale', { spec: { replicas: 2 } }, mergePatch);
    await expect.poll(() => page.locator('.kind-Pod').count()).toBe(3);
    await row('web', 'Deployment').filter({ hasText: '2/2' }).waitFor();
  });

  test('a keyboard is enough', async () => {
    const tree = page.getByRole('tree');
    await tree.focus();
    const active = (): Promise<string> => page.locator('.row.active .name').innerText();
    await page.keyboard.press('Home');
    await expect.poll(active).toBe('playground');
    await page.keyboard.press('ArrowDown');
    await expect.poll(active).toBe('node-1');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(active).toBe('playground');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.kind-Node').first().waitFor({ state: 'detached' });
    expect(await row('playground', 'Cluster').getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.locator('.kind-Node').first().waitFor();
    await page.keyboard.type('bro');
    await expect.poll(active).toBe('broken');
    expect(await tree.getAttribute('aria-activedescendant')).toBe(await row('broken', 'Pod').getAttribute('id'));
    await page.keyboard.press('Enter');
    await expect
      .poll(() => server.commands.at(-1))
      .toEqual({ type: 'command', command: 'kubePlayground.describe', row: await idOf(row('broken', 'Pod')) });
  });

  test('search and filter', async () => {
    const search = page.getByRole('textbox', { name: 'Search' });
    await search.fill('BROK');
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken']);
    expect(await page.locator('mark').innerText()).toBe('brok');
    await search.fill('no such thing');
    await page.getByText('Nothing here matches.').waitFor();
    await search.press('Escape');
    await row('web', 'Deployment').waitFor();
    await page.getByRole('button', { name: 'Show only what is not healthy' }).click();
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken']);
    await page.reload();
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken']);
    await page.getByRole('button', { name: 'Show only what is not healthy' }).click();
  });

  test('the menu of a row, by mouse and by key', async () => {
    await row('web', 'Deployment').click({ button: 'right' });
    const items = page.getByRole('menuitem');
    expect(await items.allInnerTexts()).toEqual([
      'Describe',
      'Show Logs',
      'Reveal in YAML',
      'Scale…',
      'Expose…',
      'Copy Name',
      'Delete…',
    ]);
    await items.filter({ hasText: 'Scale' }).click();
    await expect
      .poll(() => server.commands.at(-1))
      .toEqual({ type: 'command', command: 'kubePlayground.scale', row: await idOf(row('web', 'Deployment')) });
    await page.getByRole('tree').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('names cannot break out of the page', async () => {
    const hostile = {
      id: '"><img src=x onerror=alert(1)>',
      parent: '',
      kind: '__proto__',
      name: '<b>bold</b>',
      order: '0',
      state: 'ok' as const,
    };
    server.dashboard.model.set('Namespace', { kind: 'Namespace', metadata: { uid: hostile.id, name: hostile.name } });
    await page.getByText('<b>bold</b>').waitFor();
    server.dashboard.model.remove('Namespace', { kind: 'Namespace', metadata: { uid: hostile.id, name: hostile.name } });
    await page.getByText('<b>bold</b>').waitFor({ state: 'detached' });
  });

  test.runIf(process.env['PICTURES'])('pictures', async () => {
    for (const folder of ['guestbook', 'broken', 'job-pi']) await applyFolder(folder);
    await row('crash-loop', 'Pod').locator('.why', { hasText: 'CrashLoopBackOff' }).waitFor();
    await page.locator('.kind-Job .ready', { hasText: '1/1' }).waitFor();
    mkdirSync(path.join(projectFolder, 'docs/images'), { recursive: true });
    for (const colorScheme of ['dark', 'light'] as const) {
      const picture = await open({ colorScheme, viewport: { width: 460, height: 720 }, deviceScaleFactor: 1.5 });
      await picture.locator('.kind-Pod', { hasText: 'frontend-' }).first().click();
      // Until no row flashes any more.
      const flashing = 'document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity).length';
      await expect.poll(() => picture.evaluate<number>(flashing)).toBe(0);
      await picture.screenshot({ path: path.join(projectFolder, `docs/images/tree-${colorScheme}.png`) });
      await picture.close();
    }
  });
});

describe.skipIf(chromiumFile === undefined && !process.env['CI'])('the tree of many pods', { timeout: 60_000 }, () => {
  test('only the rows on the screen are in the page, and a change is one delta', async () => {
    const [many, quiet] = await Promise.all([launchChromium(), serveTree(createApiClient({ server: 'https://127.0.0.1:1' }))]);
    try {
      const { model } = quiet.dashboard;
      const pod = (i: number, ready: boolean) => ({
        kind: 'Pod',
        metadata: { uid: `pod-${i}`, name: `pod-${i}`, namespace: 'default' },
        spec: { containers: [{ name: 'app', image: 'nginx' }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'app', ready, restartCount: 0, state: { running: {} } }] },
      });
      model.set('Namespace', { kind: 'Namespace', metadata: { uid: 'ns', name: 'default' } });
      for (let i = 0; i < 20_000; i++) model.set('Pod', pod(i, true));
      const view = await many.newPage({ viewport: { width: 420, height: 700 } });
      await view.goto(quiet.url);
      await view.locator('.kind-Pod').first().waitFor();
      expect(await view.locator('.row').count()).toBeLessThan(60);
      await view.getByRole('tree').focus();
      await view.keyboard.press('End');
      await view.locator('.row.active', { hasText: 'pod-19999' }).waitFor();
      expect(await view.locator('.row').count()).toBeLessThan(60);
      expect(await view.locator('.row.active').getAttribute('aria-posinset')).toBe('20000');
      const before = quiet.sentBytes();
      model.set('Pod', pod(19_999, false));
      await view.locator('.row.active', { hasText: '0/1' }).waitFor();
      expect(quiet.sentBytes() - before).toBeLessThan(1_000);
    } finally {
      await many.close();
      await quiet.close();
    }
  });
});

async function open(options: Parameters<Browser['newPage']>[0] = { viewport: { width: 420, height: 760 } }): Promise<Page> {
  const opened = await browser.newPage(options);
  // A refusal by the page's policy is such an error too.
  opened.on('pageerror', (error) => problems.push(error.message));
  opened.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await opened.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await opened.goto(server.url);
  await opened.locator('.kind-Deployment').first().waitFor();
  return opened;
}

const row = (name: string, kind: string): Locator =>
  page.locator(`.row.kind-${kind}`, { has: page.locator('.name').getByText(name, { exact: true }) });

const idOf = (locator: Locator): Promise<string | null> => locator.getAttribute('data-row');

const names = (): Promise<string[]> => page.locator('.row .name').allInnerTexts();

async function apply(text: string): Promise<void> {
  const { documents } = await parseManifests(text);
  const connection = { api, resources: new Resources(api), kubeconfig: cluster.kubeconfig, signal: new AbortController().signal };
  for (const { problems: found } of await applyDocuments(connection, documents)) expect(found).toEqual([]);
}

async function applyFolder(name: string): Promise<void> {
  const { readdir, readFile } = await import('node:fs/promises');
  const folder = path.join(projectFolder, 'examples', name);
  for (const file of await readdir(folder)) await apply(await readFile(path.join(folder, file), 'utf8'));
}
