/** What a cluster serves, seen from this machine: Open in Browser for Services and Ingresses, forwarded ports and their list. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { kubectl } from './support/api.ts';
import { choices, choose } from './support/dialogs.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { service, web } from './support/manifests.ts';

const nodePort = service.replace('name: web', 'name: out').replace('spec:', 'spec:\n  type: NodePort');
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: 80
          - path: /out
            pathType: Prefix
            backend:
              service:
                name: out
                port:
                  number: 80
`;

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'all.yaml': [web, service, nodePort, ingress].join('---\n') } });
  window = await editor.openWindow({ width: 1280, height: 1000 });
  await window.startCluster();
  kubectl(editor, 'apply', '-f', `${editor.workspace}/all.yaml`);
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  await window.row('Service', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

/** What opens beside the editor's own page. */
async function opened(act: () => Promise<void>): Promise<Page> {
  const [page] = await Promise.all([window.page.context().waitForEvent('page'), act()]);
  await page.waitForLoadState();
  return page;
}
const told = async (pattern: RegExp): Promise<string> => {
  const notification = window.notification(pattern);
  await notification.waitFor();
  return /127\.0\.0\.1:(\d+)/.exec(await notification.innerText())?.[1] ?? '';
};
const answerAt = (port: string): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (answer) => answer.text(),
    () => 'closed',
  );

test('a Service with a port outside opens there', async () => {
  const page = await opened(() => window.contextMenu(window.row('Service', 'out'), 'Open in Browser'));
  expect(await page.content()).toContain('Welcome to nginx!');
  await page.close();
});

test('a Service inside opens over a forwarded port', async () => {
  const page = await opened(() => window.contextMenu(window.row('Service', 'web'), 'Open in Browser'));
  expect(await page.content()).toContain('Welcome to nginx!');
  await page.close();
});

test('an Ingress asks which of its paths', async () => {
  const page = await opened(async () => {
    await window.contextMenu(window.row('Ingress', 'shop'), 'Open in Browser');
    const lines = choices(window);
    await expect
      .poll(async () => (await lines.allInnerTexts()).map((text) => text.trim()))
      .toEqual(['shop.example/ → web:80', 'shop.example/out → out:80']);
    await lines.first().click();
  });
  expect(await page.content()).toContain('Welcome to nginx!');
  await page.close();
});

test('a port of this machine leads to a workload’s pod, until it is stopped in the list', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), 'Port Forward…');
  await window.answer('');
  const port = await told(/leads to deployment\/web:80/);
  expect(await answerAt(port)).toContain('nginx');
  await window.command('Kube Playground: Forwarded Ports');
  await choices(window).filter({ hasText: 'deployment/web:80' }).first().click();
  await window.page.locator('.quick-input-count', { hasText: '1 Selected' }).waitFor();
  await window.page.locator('.quick-input-action .monaco-button', { hasText: 'OK' }).first().click();
  await expect.poll(() => answerAt(port)).toBe('closed');
});

test('a port that is taken is said to be', async () => {
  await window.contextMenu(window.row('Service', 'web'), 'Port Forward…');
  await window.answer('');
  const port = await told(/leads to service\/web:80/);
  await window.contextMenu(window.row('Pod', 'web-'), 'Port Forward…');
  await window.answer(port);
  await window.notification(`Port ${port} of this machine is taken.`).waitFor();
  await choose(window, 'Stop');
  await expect.poll(() => answerAt(port)).toBe('closed');
});
