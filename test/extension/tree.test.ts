/**
 * The tree's page in Chromium, fed from a real cluster: what is on the screen is what the cluster holds. CI has a Chromium;
 * elsewhere the suite is skipped where there is none.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Deployment, Pod } from '#common/schema/generated/types.ts';
import { type ApiClient, createApiClient, mergePatch } from '#apiClient/apiClient.ts';
import { readKubeconfig } from '#apiClient/kubeconfig/contextAccess.ts';
import { Resources } from '#apiClient/resources.ts';
import { applyDocuments } from '../../client/src/apply/applier.ts';
import { parseManifests } from '../../client/src/apply/manifestDocuments.ts';
import { projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { chromiumFile, launchChromium } from './chromium.ts';
import { definition, manifests } from './treeManifests.ts';
import { serveTree, type TreeServer } from './treeServer.ts';

let cluster: TestCluster;
let api: ApiClient;
let browser: Browser;
let server: TreeServer;
/** Of a browser that was let in. */
let admitted: BrowserContextOptions['storageState'];
let page: Page;
const problems: string[] = [];

const themes: { name: string; options: BrowserContextOptions }[] = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'high contrast', options: { colorScheme: 'dark', contrast: 'more' } },
];

describe.skipIf(chromiumFile === undefined && !process.env['CI'])('the tree', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    [cluster, browser] = await Promise.all([startTestCluster(), launchChromium()]);
    api = createApiClient(await readKubeconfig(cluster.kubeconfig));
    await apply(manifests);
    server = await serveTree(createApiClient(await readKubeconfig(cluster.kubeconfig)));
    admitted = await enter(browser, server);
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
    expect(await page.locator('.kind-Node').first().innerText()).toMatch(/\d+\/110 pods/);
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
      .locator('.why', { hasText: /^(ErrImagePull|ImagePullBackOff): no such tag: nginx:no-such-tag$/ })
      .waitFor();
    await page.getByRole('treeitem', { name: /^broken Pod, failed \S+: no such tag: nginx:no-such-tag .*0\/1 ready/ }).waitFor();
    await row('greedy', 'Pod')
      .locator('.why', { hasText: /^Pending: 3 Insufficient cpu$/ })
      .waitFor();
    // What happened to it is told by events, counted on its row.
    await row('greedy', 'Pod').locator('.warnings').waitFor({ state: 'attached' });
    expect(await row('greedy', 'Pod').getAttribute('title')).toContain('⚠ FailedScheduling');
  });

  test('follows the cluster', async () => {
    await api.send<Deployment>(
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/web/scale',
      { spec: { replicas: 4 } },
      mergePatch,
    );
    await row('web', 'Deployment').filter({ hasText: '4/4' }).waitFor();
    await expect.poll(() => page.locator('.kind-Pod').count()).toBe(6);
    await api.send('PATCH', '/apis/apps/v1/namespaces/default/deployments/web/scale', { spec: { replicas: 2 } }, mergePatch);
    await expect.poll(() => page.locator('.kind-Pod').count()).toBe(4);
    await row('web', 'Deployment').filter({ hasText: '2/2' }).waitFor();
  });

  test('config, storage, access, ingresses and custom kinds', async () => {
    await group('Config').click();
    await row('settings', 'ConfigMap').filter({ hasText: '2 keys' }).waitFor();
    await row('keys', 'Secret').filter({ hasText: '1 key' }).waitFor();
    expect(await page.content()).not.toContain('hunter2');
    await group('Config').click();
    await row('front', 'Ingress').click();
    await row('shop.example/', 'Backend').filter({ hasText: '→ web:80' }).waitFor();
    await row('front', 'Ingress').click();
    await group('Access').last().click();
    await row('reader', 'Role').filter({ hasText: '1 rule' }).waitFor();
    await group('Access').last().click();
    // A kind that comes while the tree is looked at, and goes again.
    await apply(definition);
    const widget = { metadata: { name: 'left' }, status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Stuck' }] } };
    const create = (): Promise<unknown> =>
      api.send('POST', '/apis/example.com/v1/namespaces/default/widgets', {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        ...widget,
      });
    // It is served a moment after its definition is there.
    await expect.poll(() => create().then(String, () => 'refused')).not.toBe('refused');
    await page.locator('.row[data-row="namespace/default/custom"]').click();
    await page.locator('.row[data-row="namespace/default/custom/Widget.example.com"]').click();
    await row('left', 'CustomResource').filter({ hasText: 'Stuck' }).waitFor();
    await api.send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com');
    await row('left', 'CustomResource').waitFor({ state: 'detached' });
    await page.locator('.row[data-row="namespace/default/custom"]').waitFor({ state: 'detached' });
  });

  test('a claim shows its volume', async () => {
    const storage = page.locator('.row[data-row="namespace/default/storage"]');
    await storage.click();
    await row('data', 'PersistentVolumeClaim').waitFor();
    await storage.click();
  });

  test('a keyboard is enough', async () => {
    const tree = page.getByRole('tree');
    await tree.focus();
    const active = (): Promise<string> => page.locator('.row.active .name').innerText();
    await page.keyboard.press('Home');
    await expect.poll(active).toBe('playground');
    await page.keyboard.press('ArrowDown');
    await expect.poll(active).toBe('Nodes');
    await page.keyboard.press('ArrowDown');
    await expect.poll(active).toBe('node-1');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(active).toBe('Nodes');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.kind-Node').first().waitFor({ state: 'detached' });
    expect(await group('Nodes').getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.locator('.kind-Node').first().waitFor();
    await page.keyboard.type('bro');
    await expect.poll(active).toBe('broken');
    expect(await tree.getAttribute('aria-activedescendant')).toBe(await row('broken', 'Pod').getAttribute('id'));
    await page.keyboard.press('Enter');
    await page.locator('.side-bar', { hasText: 'pod/broken' }).waitFor();
    await page.locator('.side-bar').getByRole('button', { name: 'Close' }).click();
    await page.locator('.hint').waitFor();
  });

  test('the first click takes the row under the pointer, however far the tree was scrolled', async () => {
    const low = await open({ viewport: { width: 500, height: 260 } });
    const scroller = low.locator('.scroller');
    await scroller.hover();
    await low.mouse.wheel(0, 220);
    await expect.poll(() => low.evaluate<number>("document.querySelector('.scroller').scrollTop")).toBeGreaterThan(200);
    const shown = low.locator('.kind-Service', { hasText: 'web' });
    const before = await shown.boundingBox();
    await shown.click();
    expect(await low.locator('.row.active').innerText()).toContain('web');
    expect(await shown.boundingBox()).toEqual(before);
    await low.close();
  });

  test('search and filters', async () => {
    const search = page.getByRole('textbox', { name: 'Search' });
    await search.fill('BROK');
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken']);
    expect(await page.locator('mark').innerText()).toBe('brok');
    await search.fill('no such thing');
    await page.getByText('Nothing here matches.').waitFor();
    await search.press('Escape');
    await row('web', 'Deployment').waitFor();
    await page.getByRole('button', { name: 'Show only what is not healthy' }).click();
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken', 'greedy']);
    await page.reload();
    await expect.poll(names).toEqual(['default', 'Workloads', 'broken', 'greedy']);
    await page.getByRole('button', { name: 'Show only what is not healthy' }).click();
    await page.getByRole('button', { name: 'Filters and grouping' }).click();
    await page.getByRole('textbox', { name: 'Label selector' }).fill('app=web');
    await expect.poll(() => page.locator('.kind-Pod').count()).toBe(2);
    expect(await names()).not.toContain('broken');
    await page.getByRole('textbox', { name: 'Label selector' }).fill('app=web,,');
    await expect.poll(() => page.getByRole('textbox', { name: 'Label selector' }).getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('textbox', { name: 'Label selector' }).fill('');
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('kube-system');
    await expect.poll(async () => (await names())[0]).toBe('kube-system');
    expect(await names()).not.toContain('default');
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('');
  });

  test('grouping by node and by label', async () => {
    await page.getByRole('combobox', { name: 'Group by', exact: true }).selectOption('node');
    await expect
      .poll(async () => (await names()).filter((name) => name.startsWith('node-')))
      .toEqual(['node-1', 'node-2', 'node-3']);
    // A pod without a node has a place too.
    await expect.poll(async () => (await names()).slice(-2)).toEqual(['Not on a node', 'greedy']);
    await page.getByRole('combobox', { name: 'Group by', exact: true }).selectOption('label');
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['app=web', 'web']);
    await page.reload();
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['app=web', 'web']);
    await page.getByRole('combobox', { name: 'Group by', exact: true }).selectOption('namespace');
    await page.getByRole('checkbox', { name: 'Old ReplicaSets' }).waitFor();
    await page.getByRole('button', { name: 'Filters and grouping' }).click();
    await row('web', 'Deployment').waitFor();
  });

  test('the menu of a row, by mouse and by key', async () => {
    await row('web', 'Deployment').click({ button: 'right' });
    const items = page.getByRole('menuitem');
    expect((await items.allInnerTexts()).map((text) => text.trim())).toEqual([
      'Describe',
      'Show Logs',
      'Scale…',
      'Copy Name',
      'Delete Object…',
    ]);
    await page.keyboard.press('Escape');
    await page.getByRole('tree').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('scaling and deleting ask first', async () => {
    await row('web', 'Deployment').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Scale…' }).click();
    const replicas = page.getByRole('spinbutton', { name: 'How many replicas?' });
    await expect.poll(() => replicas.inputValue()).toBe('2');
    await replicas.fill('3');
    await page.keyboard.press('Enter');
    await row('web', 'Deployment').filter({ hasText: '3/3' }).waitFor();
    await page.getByText('deployment/web scaled from 2 to 3').waitFor();
    await row('broken', 'Pod').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete Object…' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await api.get<Pod>('/api/v1/namespaces/default/pods/broken')).metadata.deletionTimestamp).toBeUndefined();
    await row('broken', 'Pod').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete Object…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row('broken', 'Pod').waitFor({ state: 'detached' });
    await apply(manifests);
  });

  test('a browser that speaks Chinese gets the tree, the menu and the dialogs in Chinese', async () => {
    const chinese = await open({ locale: 'zh-CN' });
    await chinese.locator('.kind-Group', { hasText: '工作负载' }).first().waitFor();
    expect(await chinese.locator('html').getAttribute('lang')).toBe('zh-cn');
    await chinese.locator('.kind-Deployment').first().click({ button: 'right' });
    expect((await chinese.getByRole('menuitem').allInnerTexts()).join()).not.toMatch(/Describe|Scale|Delete|Logs/);
    await chinese.getByRole('menuitem').nth(2).click();
    expect(await chinese.getByRole('dialog').innerText()).toMatch(/[一-鿿]/);
    await chinese.close();
  });

  test.each(themes)('axe finds nothing to object to: $name', async ({ options }) => {
    const checked = await open(options);
    await checked.getByRole('button', { name: 'Filters and grouping' }).click();
    expect(await violations(checked)).toEqual([]);
    await checked.getByRole('tree').focus();
    await checked.locator('.kind-Deployment').first().click({ button: 'right' });
    expect(await violations(checked)).toEqual([]);
    await checked.getByRole('menuitem', { name: 'Scale…' }).click();
    await checked.getByRole('dialog').waitFor();
    expect(await violations(checked)).toEqual([]);
    await checked.close();
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
    const { model } = await server.dashboard();
    model.set('Namespace', { kind: 'Namespace', metadata: { uid: hostile.id, name: hostile.name } });
    await page.getByText('<b>bold</b>').waitFor();
    model.remove('Namespace', { kind: 'Namespace', metadata: { uid: hostile.id, name: hostile.name } });
    await page.getByText('<b>bold</b>').waitFor({ state: 'detached' });
  });
});

/** Opens the dashboard with its token, once; what the browser was given lets its other pages in. */
async function enter(from: Browser, { entrance, url }: TreeServer): Promise<Awaited<ReturnType<BrowserContext['storageState']>>> {
  const context = await from.newContext();
  const first = await context.newPage();
  await first.goto(entrance);
  await first.waitForURL(url);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const opened = await browser.newPage({
    viewport: { width: 1100, height: 760 },
    ...(admitted ? { storageState: admitted } : {}),
    ...options,
  });
  // A refusal by the page's policy is such an error too; the details' page is another suite's.
  opened.on('pageerror', (error) => problems.push(error.message));
  opened.on(
    'console',
    (message) => message.type() === 'error' && !message.location().url.includes('/details') && problems.push(message.text()),
  );
  opened.setDefaultTimeout(8_000);
  await opened.goto(server.url);
  await opened.locator('.kind-Deployment').first().waitFor();
  return opened;
}

async function violations(checked: Page): Promise<string[]> {
  const source = await readFile(path.join(projectFolder, 'node_modules/axe-core/axe.min.js'), 'utf8');
  // In a world of its own, which the page's policy does not reach.
  const client = await checked.context().newCDPSession(checked);
  const { frameTree } = await client.send('Page.getFrameTree');
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const run = `${source};axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 160) + failureSummary).join(' | '))))`;
  const { result } = await client.send('Runtime.evaluate', {
    expression: run,
    contextId: executionContextId,
    awaitPromise: true,
  });
  return JSON.parse(result.value as string) as string[];
}

const row = (name: string, kind: string): Locator =>
  page.locator(`.row.kind-${kind}`, { has: page.locator('.name').getByText(name, { exact: true }) });

const group = (name: string): Locator => row(name, 'Group');

const names = (): Promise<string[]> => page.locator('.row .name').allInnerTexts();

async function apply(text: string): Promise<void> {
  const { documents } = await parseManifests(text);
  const connection = { api, resources: new Resources(api), kubeconfig: cluster.kubeconfig, signal: new AbortController().signal };
  for (const { problems: found } of await applyDocuments(connection, documents)) expect(found).toEqual([]);
}
