/**
 * What a person sees, scene by scene, in each theme and language. With PICTURES=1 the scenes become the pictures of the
 * documentation; without, they are reached and measured: nothing runs out of its row, nothing is cut without being told.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import { launchChromium } from '../extension/chromium.ts';
import { cliFile, projectFolder } from '../support/testCluster.ts';
import { kubectl } from './support/api.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import {
  allThemes,
  boxOf,
  holdStart,
  looks,
  misfits,
  picture,
  sharpen,
  showTheme,
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
    await sharpen(window.page);
  });
  beforeEach(() => pictureOnFailure(() => window));
  afterAll(() => editor?.close());

  /** The scene in every theme. */
  async function inAllThemes(scene: string, part?: Locator, height?: number): Promise<void> {
    for (const theme of allThemes) {
      await showTheme(editor, window, theme);
      const box = part && (await boxOf(part));
      await picture(window.page, name(scene, theme), box && { ...box, height: Math.min(height ?? box.height, box.height) });
    }
    await showTheme(editor, window, 'dark');
  }
  const sideBar = (): Locator => window.page.locator('.part.sidebar');
  const row = (kind: string, text: string): Locator => window.row(kind, text);

  test('the first view', async () => {
    await window.openView();
    await window.tree.locator('button.primary').waitFor();
    await inAllThemes('first', sideBar(), 260);
  });

  test('while the cluster starts', async () => {
    await window.tree.locator('button.primary').click();
    const letGo = await holdStart(editor);
    try {
      await window.tree.locator('[role=progressbar]').waitFor();
      await inAllThemes('starting', sideBar(), 260);
    } finally {
      letGo();
    }
    await window.statusItem(/3 (nodes|个节点)/).waitFor();
  });

  test('a manifest that was just saved, and the tree beside it', async () => {
    kubectl(editor, 'apply', '-f', window.pathOf('guestbook'));
    await window.openFile('nginx.yaml');
    await window.page.keyboard.press('Control+S');
    await window.agreeToApplyOnSave();
    await row('Deployment', 'nginx').locator('.ready', { hasText: '3/3' }).waitFor();
    await row('ReplicationController', 'redis-follower').locator('.ready', { hasText: '2/2' }).waitFor();
    await window.page.locator('.notification-toast').waitFor({ state: 'detached' });
    await inAllThemes('editor');
    expect(await misfits(window.tree)).toEqual([]);
  });

  test('pods that fail, and why', async () => {
    kubectl(editor, 'apply', '-f', window.pathOf('broken'));
    await row('Pod', 'crash-loop').locator('.why', { hasText: 'CrashLoopBackOff' }).waitFor();
    await row('Pod', 'image-cannot-be-pulled').locator('.why', { hasText: 'ImagePullBackOff' }).waitFor();
    for (const width of [420, 300, 170]) {
      await widenSideBar(window, width);
      expect(await misfits(window.tree), `${width} px`).toEqual([]);
      await inAllThemes(`tree-${width}`, sideBar());
    }
    await widenSideBar(window, 300);
  });

  test('a selector, hovered', async () => {
    await window.openFile('redis-leader.yaml');
    const hover = await window.hover('role');
    await expect.poll(() => hover.innerText(), { timeout: 30_000 }).toMatch(/redis-leader-\w+-\w+/);
    await inAllThemes('hover');
    await window.page.keyboard.press('Escape');
  });

  test('a selector that finds nothing, and what comes nearest', async () => {
    await window.openFile('selector-matches-nothing.yaml');
    await window.page.locator('.squiggly-warning').first().waitFor();
    await window.hover('shop');
    await inAllThemes('nearest');
    await window.page.keyboard.press('Escape');
  });

  test('the details of a pod that fails', async () => {
    await row('Pod', 'crash-loop').dblclick();
    const page = window.page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').frameLocator('#active-frame');
    await page.locator('.headline').waitFor();
    for (const tab of ['overview', 'events', 'timeline', 'logs', 'yaml', 'changes']) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`.panel-${tab} > *`).first().waitFor();
      await inAllThemes(`details-${tab}`, window.page.locator('.part.editor'));
    }
    await page.locator('#tab-overview').click();
  });

  test('boxes that ask', async () => {
    for (const command of ['scale', 'expose']) {
      await window.contextMenu(row('Deployment', 'nginx'), title(command));
      await window.page.locator('.quick-input-widget').waitFor();
      await inAllThemes(command);
      await window.page.keyboard.press('Escape');
    }
  });

  test('the walkthrough', async () => {
    await window.command(title('openWalkthrough'));
    await window.page.locator('.getting-started-step').first().waitFor();
    await inAllThemes('walkthrough');
  });
});

/** The files of examples, by their paths. */
function examples(...folders: readonly string[]): Record<string, string> {
  const root = path.join(projectFolder, 'examples');
  const files = folders.flatMap((folder) => readdirSync(path.join(root, folder)).map((file) => path.join(folder, file)));
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}
