/**
 * The page of an object's details in Chromium, fed from a real cluster. CI has a Chromium; elsewhere the suite is skipped
 * where there is none.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PodList } from '#common/schema/generated/types.ts';
import { type ApiClient, createApiClient, mergePatch } from '#apiClient/apiClient.ts';
import { readKubeconfig } from '#apiClient/kubeconfig/contextAccess.ts';
import { Resources } from '#apiClient/resources.ts';
import { applyDocuments } from '../../client/src/apply/applier.ts';
import { parseManifests } from '../../client/src/apply/manifestDocuments.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { chromiumFile, launchChromium } from './chromium.ts';
import { type DetailsServer, serveDetails } from './detailsServer.ts';

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: talker
        image: busybox:1.36
        command: [sh, -c, 'i=0; while true; do echo "line $i of $HOSTNAME"; i=$((i+1)); sleep 1; done']
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: broken}
spec:
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, 'echo cannot find the database; exit 3']
---
apiVersion: v1
kind: Pod
metadata: {name: large}
spec: {containers: [{name: app, image: "nginx:1.27", resources: {requests: {cpu: "64"}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: unset}
spec: {containers: [{name: app, image: "nginx:1.27", envFrom: [{configMapRef: {name: nowhere}}]}]}
---
apiVersion: v1
kind: Secret
metadata: {name: safe}
stringData: {password: open-sesame}
`;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let cluster: TestCluster;
let api: ApiClient;
let browser: Browser;
let server: DetailsServer;
const problems: string[] = [];

describe.skipIf(chromiumFile === undefined && !process.env['CI'])('the page of an object', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    [cluster, browser] = await Promise.all([startTestCluster(), launchChromium()]);
    api = createApiClient(await readKubeconfig(cluster.kubeconfig));
    const { documents } = await parseManifests(manifests);
    const signal = new AbortController().signal;
    const connection = { api, resources: new Resources(api), kubeconfig: cluster.kubeconfig, signal };
    for (const { problems: found } of await applyDocuments(connection, documents)) expect(found).toEqual([]);
    const files = (await parseManifests(manifests.replace('replicas: 2', 'replicas: 3'))).documents;
    server = await serveDetails(
      createApiClient(await readKubeconfig(cluster.kubeconfig)),
      files.map(({ object }) => ({ file: 'k8s/app.yaml', object })),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    api?.close();
    await cluster?.stop();
    expect(problems).toEqual([]);
  });

  test('a failing pod tells why, and its events fold', async () => {
    const page = await open('Pod', 'broken');
    await page.locator('.headline', { hasText: 'exit code 3' }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('broken');
    await page.locator('.card', { hasText: 'Last state' }).getByText('Terminated: Error, exit code 3').first().waitFor();
    await page.getByRole('tab', { name: 'Events' }).click();
    const backOff = page.locator('tr', { hasText: 'Back-off restarting failed container' });
    await backOff.getByText(/^\d+×$/).waitFor();
    expect(await backOff.count()).toBe(1);
    expect(await page.getByRole('status').first().innerText()).toMatch(/Pod broken: /);
    await page.close();
  });

  test('a pod that waits is told why, node by node', async () => {
    const page = await open('Pod', 'large');
    const why = page.getByRole('region', { name: 'Why it waits' });
    await why.getByText('Insufficient cpu').first().waitFor();
    await why.getByRole('row', { name: /NodeResourcesFit 3/ }).waitFor();
    expect(await why.getByRole('row', { name: /^node-\d NodeResourcesFit: Insufficient cpu/ }).count()).toBe(3);
    await page.close();
  });

  test('links lead on and back, by mouse and by key; what is missing says so', async () => {
    const page = await open('Deployment', 'web', 'apps/v1');
    const related = page.getByRole('region', { name: 'Related objects' }).first();
    await related.getByRole('link', { name: 'Service web' }).click();
    await page.getByRole('heading', { level: 2, name: 'Endpoints' }).waitFor();
    expect(await page.locator('#section-endpoints tbody tr').count()).toBe(2);
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByRole('heading', { level: 2, name: 'Pod template' }).waitFor();
    await page.close();
    const unset = await open('Pod', 'unset');
    await unset.locator('#section-related tr', { hasText: 'ConfigMap nowhere' }).getByText('does not exist').waitFor();
    await api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'nowhere' } });
    await unset
      .locator('#section-related tr', { hasText: 'ConfigMap nowhere' })
      .getByText('does not exist')
      .waitFor({ state: 'detached' });
    await unset.close();
  });

  test('follows the object, and remembers what it saw', async () => {
    const page = await open('Deployment', 'web', 'apps/v1');
    await page.getByText('2 desired').waitFor();
    await api.send('PATCH', '/apis/apps/v1/namespaces/default/deployments/web', { spec: { replicas: 4 } }, mergePatch);
    await page.getByText('4 desired').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.locator('.timeline li', { hasText: 'spec.replicas' }).getByText('2 → 4').waitFor();
    await api.send('PATCH', '/apis/apps/v1/namespaces/default/deployments/web', { spec: { replicas: 2 } }, mergePatch);
    await page.locator('.timeline li', { hasText: 'spec.replicas' }).getByText('4 → 2').waitFor();
    await page.close();
  });

  test('logs of all pods follow, and can be searched', async () => {
    const page = await open('Deployment', 'web', 'apps/v1');
    await page.getByRole('tab', { name: 'Logs' }).click();
    const log = page.getByRole('log');
    const { items } = await api.get<PodList>('/api/v1/namespaces/default/pods?labelSelector=app%3Dweb');
    for (const { metadata } of items)
      await log
        .getByText(metadata.name ?? '', { exact: true })
        .first()
        .waitFor();
    const lastLine = (): Promise<number> =>
      log
        .locator('.line')
        .allInnerTexts()
        .then((lines) => Math.max(...lines.map((line) => Number(/line (\d+)/.exec(line)?.[1] ?? -1))));
    const before = await lastLine();
    await expect.poll(lastLine, { timeout: 10_000 }).toBeGreaterThan(before);
    await page.getByRole('searchbox').fill('LINE 1 ');
    await log.locator('mark').first().waitFor();
    expect(await log.locator('mark').first().innerText()).toBe('line 1 ');
    await page.close();
  });

  test('values of a Secret are in no message until they are asked for', async () => {
    const before = server.sent().length;
    const page = await open('Secret', 'safe');
    await page.getByText('11 bytes').waitFor();
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page.locator('.yaml', { hasText: '••••' }).waitFor();
    const secretTexts = ['open-sesame', btoa('open-sesame')];
    for (const text of secretTexts) expect(server.sent().slice(before)).not.toContain(text);
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Show password' }).click();
    await page.getByText('open-sesame').waitFor();
    await page.getByRole('button', { name: 'Hide password' }).click();
    await page.getByText('open-sesame').waitFor({ state: 'detached' });
    await page.close();
  });

  test('YAML with and without managed fields, and what the file would change', async () => {
    const page = await open('Deployment', 'web', 'apps/v1');
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page.locator('.yaml', { hasText: 'kind: Deployment' }).waitFor();
    expect(await page.locator('.yaml').innerText()).not.toContain('managedFields');
    await page.getByRole('button', { name: 'Managed fields' }).click();
    await page.locator('.yaml', { hasText: 'managedFields' }).waitFor();
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.getByText('What applying k8s/app.yaml would change').waitFor();
    expect((await page.locator('.diff ins').allInnerTexts()).join()).toContain('replicas: 3');
    expect((await page.locator('.diff del').allInnerTexts()).join()).toContain('replicas: 2');
    await page.close();
  });

  test('a keyboard is enough, and tabs are remembered', async () => {
    const page = await open('Pod', 'broken');
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('[role=tab]:focus').innerText()).toMatch(/^Events/);
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('[role=tab][aria-selected=true]').innerText()).toBe('Changes');
    await page.reload();
    await expect.poll(() => page.locator('[role=tab][aria-selected=true]').innerText()).toBe('Changes');
    await page.close();
  });

  test('an object that goes away says so, and stays to be read', async () => {
    const page = await open('ConfigMap', 'nowhere');
    await page.getByText('Metadata').waitFor();
    await api.send('DELETE', '/api/v1/namespaces/default/configmaps/nowhere');
    await page.getByText('This object is gone.').first().waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('nowhere');
    await page.close();
    const missing = await browser.newPage();
    await missing.goto(addressOf('Pod', 'never-was', 'v1'));
    await missing.getByText('The cluster has no such object.').waitFor();
    await missing.close();
  });

  test.each(['dark', 'light', 'contrast'])('axe finds nothing in the %s theme', async (theme) => {
    const page = await open('Pod', 'broken', 'v1', theme);
    for (const tab of ['Overview', 'Events', 'Timeline', 'Logs', 'YAML', 'Changes']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator(`.panel-${tab.toLowerCase()}`).waitFor();
      expect(await violations(page), `${theme}: ${tab}`).toEqual([]);
    }
    await page.goto(addressOf('Secret', 'safe', 'v1'));
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Show password' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});

const addressOf = (kind: string, name: string, apiVersion: string): string =>
  `${server.url}?${new URLSearchParams({ apiVersion, kind, namespace: 'default', name }).toString()}`;

/** What the editor says of itself in its high-contrast theme. */
const contrastVariables = {
  '--vscode-editor-background': '#000000',
  '--vscode-foreground': '#ffffff',
  '--vscode-descriptionForeground': '#ffffff',
  '--vscode-contrastBorder': '#6fc3df',
  '--vscode-contrastActiveBorder': '#f38518',
  '--vscode-focusBorder': '#f38518',
  '--vscode-button-secondaryBackground': '#000000',
  '--vscode-button-secondaryForeground': '#ffffff',
  '--vscode-inputOption-activeBackground': '#000000',
  '--vscode-textLink-foreground': '#21a6ff',
  '--vscode-list-warningForeground': '#ffd370',
  '--vscode-list-errorForeground': '#ff9a8d',
};

async function open(kind: string, name: string, apiVersion = 'v1', theme = 'dark'): Promise<Page> {
  const page = await browser.newPage({
    colorScheme: theme === 'light' ? 'light' : 'dark',
    viewport: { width: 1000, height: 800 },
  });
  // A refusal by the page's policy is such an error too.
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.setDefaultTimeout(10_000);
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  if (theme === 'contrast') {
    const variables = JSON.stringify(contrastVariables);
    await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
      document.body.classList.add('vscode-high-contrast');
      for (const [name, value] of Object.entries(${variables})) document.documentElement.style.setProperty(name, value);
    });`);
  }
  await page.goto(addressOf(kind, name, apiVersion));
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  return page;
}

async function violations(page: Page): Promise<string[]> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axeSource);
  const found = await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(
    `axe.run(document, { rules: { region: { enabled: true } } }).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
