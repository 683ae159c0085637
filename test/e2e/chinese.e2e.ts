/** The whole extension in Simplified Chinese: what it says anywhere on the screen, and that it does what it says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rowCommands } from '../../common/src/protocol/commands.ts';
import type { Deployment } from '#common/schema/generated/types.ts';
import { projectFolder } from '../support/testCluster.ts';
import { kubectl, object } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import { web } from './support/manifests.ts';
import { englishWords, textsOf } from './support/words.ts';

let editor: Editor;
let window: EditorWindow;

beforeAll(async () => {
  editor = await Editor.start({ files: { 'web.yaml': web }, locale: 'zh-cn', viewport: { width: 1280, height: 1000 } });
  window = await editor.openWindow();
});
beforeEach(() => pictureOnFailure(() => window));
afterAll(() => editor?.close());

const read = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(path.join(projectFolder, file), 'utf8')) as Record<string, string>;
const titles = read('package.nls.zh-cn.json');
const texts = read('l10n/bundle.l10n.zh-cn.json');
const title = (id: string): string => titles[id.replace('kubePlayground.', 'command.')] ?? '';
const text = (english: string): string => texts[english] ?? '';
/** Kinds, what the API itself says, names and values are the same in every language. */
const sameEverywhere = new RegExp(
  [
    '^(([A-Z][a-z]+){2,}s?:?',
    'YAML|ClusterIP|Cluster|Node|Namespace|Pod|Service|Endpoint|Deployment|Secret|Role|Kubernetes',
    'Failed:|Error:',
    'playground|default|kubernetes|kube-\\S+|node-\\d|web\\S*|nginx\\S*',
    // The example of a selector.
    'app|tier|cache',
    '\\d+[smhd]|\\S+\\.\\S+)$',
  ].join('|'),
);

test('the view: what it is, one button, and two ways to begin', async () => {
  await window.openView();
  await window.tree
    .getByText(text('A whole Kubernetes cluster inside the editor: nothing to download, ready in a blink.'))
    .waitFor();
  expect(await window.tree.locator('button').allInnerTexts()).toEqual(['启动集群', '打开示例', '五步入门演练']);
  expect(englishWords(await textsOf(window.tree.locator('body'), '.name'), sameEverywhere)).toEqual([]);
  await window.page.locator('.part.sidebar .title-label', { hasText: '集群' }).waitFor();
});

test('the start ends with a count of nodes in the status bar', async () => {
  await window.tree.locator('button.primary').click();
  await window.statusItem('⎈ playground · 3 个节点').waitFor();
});

test('the first save asks, and is told', async () => {
  await window.openFile('web.yaml');
  await window.page.keyboard.press('Control+S');
  const question = window.notification('每次保存清单时都将其应用到 playground 吗？绝不会触及其他集群。');
  await question.waitFor();
  expect(await question.locator('.monaco-button').allInnerTexts()).toEqual(['保存时应用', '在此工作区中不应用']);
  await window.agreeToApplyOnSave();
  await window.statusItem(/⎈ 1 个?已创建/).waitFor();
  await window.statusItem('保存时应用').waitFor();
  await window.row('Deployment', 'web').locator('.ready', { hasText: '3/3' }).waitFor();
  expect(object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas).toBe(3);
});

test('the tree: its groups, its states, its search', async () => {
  const groups = window.tree.locator('.row.kind-Group .name');
  await expect.poll(() => groups.allInnerTexts()).toEqual(expect.arrayContaining(['节点', '工作负载', '服务', '配置']));
  kubectl(editor, 'run', 'web-broken', '--image=nginx:no-such-tag');
  await window.row('Pod', 'web-broken').locator('.why', { hasText: '没有此标签' }).waitFor();
  await window.tree.getByRole('button', { name: text('Filters and grouping') }).click();
  await window.tree.getByText(text('Group by')).waitFor();
  expect(englishWords(await textsOf(window.tree.locator('body'), '.row:not(.kind-Group) .name'), sameEverywhere)).toEqual([]);
});

test("a row's menu offers nothing in English, and scales", async () => {
  const row = window.row('Deployment', 'web');
  await row.click({ button: 'right' });
  const entries = window.page.locator('.monaco-menu .action-label');
  await entries.first().waitFor();
  const offered = (await entries.allInnerTexts()).map((each) => each.trim()).filter((each) => each !== '');
  const ours = rowCommands.filter(({ kinds }) => kinds.includes('Deployment')).map(({ id }) => title(id));
  expect(offered.filter((each) => !ours.includes(each))).toEqual([]);
  expect(offered).toContain('扩缩容…');
  await window.page.keyboard.press('Escape');
  await entries.first().waitFor({ state: 'detached' });
  await window.contextMenu(row, '扩缩容…');
  await window.page.locator('.quick-input-widget', { hasText: '需要多少个副本？' }).waitFor();
  await window.answer('4');
  await window.statusItem('deployment/web 已从 3 个副本调整为 4 个').waitFor();
  await row.locator('.ready', { hasText: '4/4' }).waitFor();
  expect(object<Deployment>(editor, 'deployment', 'web')?.spec?.replicas).toBe(4);
});

test('the palette knows each command by its Chinese title alone', async () => {
  await window.page.keyboard.press('F1');
  const input = window.page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill('>Kube Playground: ');
  // Below each, the editor itself repeats it in English.
  const rows = window.page.locator('.quick-input-list .quick-input-list-row:first-child .label-name');
  await rows
    .filter({ hasText: /^Kube Playground: \p{Script=Han}/u })
    .first()
    .waitFor();
  const offered = (await rows.allInnerTexts()).filter((each) => each.startsWith('Kube Playground: '));
  expect(offered.length).toBeGreaterThan(5);
  expect(offered.filter((each) => !/\p{Script=Han}/u.test(each))).toEqual([]);
  await window.page.keyboard.press('Escape');
  await window.command(`Kube Playground: ${title('kubePlayground.addNode')}`);
  await window.page.locator('.quick-input-widget', { hasText: '节点名称' }).waitFor();
  await window.answer('node-9');
  await window.statusItem('⎈ playground · 4 个节点').waitFor();
  expect(kubectl(editor, 'get', 'node', 'node-9', '-o', 'name')).toBe('node/node-9');
});

test('what the language server says', async () => {
  await window.openFile('web.yaml');
  const hover = await window.hover('selector');
  await expect.poll(() => hover.innerText()).toContain('必填');
  await window.page.locator('.codelens-decoration').getByText('应用', { exact: true }).waitFor();
});

test('the details', async () => {
  await window.row('Deployment', 'web').dblclick();
  const page = window.page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').frameLocator('#active-frame');
  await page.getByRole('tab', { name: text('Overview') }).waitFor();
  const headings = page.locator('h1, h2, h3, [role="tab"]');
  await expect.poll(() => headings.count()).toBeGreaterThan(3);
  expect(englishWords(await plain(headings), sameEverywhere)).toEqual([]);
});

const plain = async (elements: Locator): Promise<string[]> => (await elements.allInnerTexts()).map((each) => each.trim());

test('deleting asks in Chinese, and says what goes along', async () => {
  await window.contextMenu(window.row('Deployment', 'web'), title('kubePlayground.deleteObject'));
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.getByText('要从 playground 中删除 deployment/web 吗？').waitFor();
  await expect.poll(() => dialog.innerText()).toMatch(/将一并删除：.*\d 个? ?ReplicaSet/);
  await dialog.locator('.monaco-button', { hasText: '删除' }).first().click();
  await window.row('Deployment', 'web').waitFor({ state: 'detached' });
  expect(object(editor, 'deployment', 'web')).toBeUndefined();
});
