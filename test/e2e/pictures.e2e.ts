/**
 * What a person sees, scene by scene, in each theme and language. With PICTURES=1 the scenes become the pictures of the
 * documentation; without, they are reached and measured: nothing runs out of its row, nothing is cut without being told.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectFolder } from '../support/testCluster.ts';
import { kubectl } from './support/api.ts';
import { Dashboard } from './support/dashboard.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import {
  allThemes,
  boxOf,
  holdStart,
  looks,
  misfits,
  picture,
  showTheme,
  type Theme,
  useEverydayFonts,
  widenSideBar,
} from './support/pictures.ts';

const viewport = { width: 1200, height: 760 };

describe.each(['en', 'zh-cn'] as const)('in %s', (language) => {
  let editor: Editor;
  let window: EditorWindow;
  const name = (scene: string, theme: string): string => `${scene}-${theme}${language === 'en' ? '' : `.${language}`}`;
  const titles = JSON.parse(
    readFileSync(path.join(projectFolder, language === 'en' ? 'package.nls.json' : `package.nls.${language}.json`), 'utf8'),
  ) as Record<string, string>;
  const title = (command: string): string => titles[`command.${command}`] ?? command;

  beforeAll(async () => {
    useEverydayFonts();
    const files = examples('guestbook', 'nginx-rollout', 'hello-echo', 'broken');
    editor = await Editor.start({ files, settings: looks, locale: language, viewport });
    window = await editor.openWindow();
  });
  beforeEach(() => pictureOnFailure(() => window));
  afterAll(() => editor?.close());

  /** The scene in the themes; of a part only its upper `height`. */
  async function show(scene: string, { themes = allThemes, part, height = Infinity }: Shown = {}): Promise<void> {
    for (const theme of themes) {
      await showTheme(window, theme);
      const box = part && (await boxOf(part));
      await picture(window.page, name(scene, theme), box && { ...box, height: Math.min(height, box.height) });
    }
    await showTheme(window, 'dark');
  }
  const usual: readonly Theme[] = ['dark', 'light'];
  const sideBar = (): Locator => window.page.locator('.part.sidebar');
  const row = (kind: string, text: string): Locator => window.row(kind, text);
  const details = (): FrameLocator =>
    window.page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').frameLocator('#active-frame');
  /** Rests the pointer on the last such word of the file; what the editor says is left on the screen. */
  async function hoverLast(word: string): Promise<Locator> {
    const content = window.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    await window.page
      .locator('.editor-instance .view-line span span', { hasText: new RegExp(`^\\s*${word}\\s*$`) })
      .last()
      .hover();
    await content.waitFor();
    return content;
  }
  async function leaveHover(): Promise<void> {
    await window.page.mouse.move(viewport.width / 2, 10);
    await window.page.locator('.monaco-hover:not(.hidden)').waitFor({ state: 'detached' });
  }

  test('the first view', async () => {
    await window.openView();
    await window.tree.locator('button.primary').waitFor();
    await show('first', { part: sideBar(), height: 230 });
  });

  test('while the cluster starts', async () => {
    await window.tree.locator('button.primary').click();
    const letGo = await holdStart(editor);
    try {
      await window.tree.locator('[role=progressbar]').waitFor();
      await show('starting', { part: sideBar(), height: 230, themes: usual });
    } finally {
      letGo();
    }
    await window.statusItem(/3 (nodes|个节点)/).waitFor();
  });

  test('a manifest that was just saved, and the tree beside it', async () => {
    for (const file of ['redis-leader', 'redis-follower'])
      kubectl(editor, 'apply', '-f', window.pathOf(`guestbook/${file}.yaml`));
    await window.openFile('frontend.yaml');
    await window.retypeLine(7, '  replicas: 2');
    await window.page.keyboard.press('Control+S');
    await window.agreeToApplyOnSave();
    await row('Deployment', 'frontend').locator('.ready', { hasText: '2/2' }).waitFor();
    await window.retypeLine(7, '  replicas: 3');
    await window.save();
    for (const kind of ['Deployment', 'Service']) await row(kind, 'frontend').locator('.ready', { hasText: '3/3' }).waitFor();
    await row('ReplicationController', 'redis-follower').locator('.ready', { hasText: '2/2' }).waitFor();
    await window.page.locator('.notification-toast').waitFor({ state: 'detached' });
    await window.page.locator('.view-lines', { hasText: /2 → 3/ }).waitFor();
    await window.page.locator('.codelens-decoration', { hasText: '3/3' }).first().waitFor();
    expect(await misfits(window.tree)).toEqual([]);
    await show('editor');
  });

  test('a selector, hovered, lists the live pods', async () => {
    const hover = await hoverLast('guestbook');
    await expect.poll(async () => (await hover.innerText()).match(/frontend-\w+-\w+/g)?.length, { timeout: 30_000 }).toBe(3);
    await show('hover', { themes: usual });
    await leaveHover();
  });

  test('pods that fail, and why', async () => {
    kubectl(editor, 'apply', '-f', window.pathOf('broken'));
    await window.tree.locator('.bar .toggle').click();
    await row('Pod', 'crash-loop').locator('.why', { hasText: 'CrashLoopBackOff' }).waitFor();
    await row('Pod', 'image-cannot-be-pulled').locator('.why', { hasText: 'ImagePullBackOff' }).waitFor();
    for (const width of [420, 300, 170]) {
      await widenSideBar(window, width);
      expect(await misfits(window.tree), `${width} px`).toEqual([]);
      await show(`failing-${width}`, { part: sideBar(), height: 270 });
    }
    await window.tree.locator('.bar .toggle').click();
    expect(await misfits(window.tree), 'all rows, 170 px').toEqual([]);
    await show('tree-170', { part: sideBar(), themes: usual });
    await widenSideBar(window, 300);
  });

  test('a selector that finds nothing, and what comes nearest', async () => {
    await window.openFile('selector-matches-nothing.yaml');
    await window.page.locator('.squiggly-warning').first().waitFor();
    await expect.poll(async () => (await hoverLast('shop')).innerText()).toContain('Deployment/store');
    await show('nearest', { themes: usual });
    await leaveHover();
  });

  test('the details of a pod that fails', async () => {
    await row('Pod', 'crash-loop').dblclick();
    await details().locator('.headline', { hasText: 'CrashLoopBackOff' }).waitFor();
    for (const tab of ['overview', 'events', 'timeline', 'logs', 'yaml']) {
      await details().locator(`#tab-${tab}`).click();
      await details().locator(`.panel-${tab} > *`).first().waitFor();
      await show(`details-${tab}`, { part: window.page.locator('.part.editor'), themes: tab === 'overview' ? allThemes : usual });
    }
  });

  test('the boxes of Scale and Expose', async () => {
    for (const command of ['scale', 'expose']) {
      await window.contextMenu(row('Deployment', 'frontend'), title(command));
      const box = window.page.locator('.quick-input-widget:not([style*="display: none"])');
      await box.waitFor();
      await show(command, { part: box, themes: ['dark'] });
      await window.page.keyboard.press('Escape');
      await box.waitFor({ state: 'detached' });
    }
  });

  test('the walkthrough', async () => {
    await window.command(title('openWalkthrough'));
    await window.page.locator('.getting-started-step.expanded').waitFor();
    await show('walkthrough', { themes: usual });
  });

  test('the same in an ordinary browser', async () => {
    const dashboard = await Dashboard.open(editor, language, viewport);
    try {
      const rowThere = dashboard.page.locator('.row.kind-Deployment', { hasText: 'frontend' });
      await rowThere.dblclick();
      await dashboard.page.frameLocator('.side iframe').getByRole('heading', { level: 1, name: 'frontend' }).waitFor();
      for (const theme of usual) {
        await dashboard.page.emulateMedia({ colorScheme: theme === 'light' ? 'light' : 'dark' });
        await picture(dashboard.page, name('dashboard', theme));
      }
    } finally {
      await dashboard.close();
    }
  });
});

interface Shown {
  readonly themes?: readonly Theme[];
  readonly part?: Locator;
  readonly height?: number;
}

/** The files of examples, by their paths. */
function examples(...folders: readonly string[]): Record<string, string> {
  const root = path.join(projectFolder, 'examples');
  const files = folders.flatMap((folder) => readdirSync(path.join(root, folder)).map((file) => path.join(folder, file)));
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}
