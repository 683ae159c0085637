/**
 * What a person sees, scene by scene, in each theme and language. With PICTURES=1 the scenes become the pictures of the
 * documentation; without, they are reached and measured: nothing runs out of its row, nothing is cut without being told.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectFolder } from '../support/testCluster.ts';
import { kubectl } from './support/api.ts';
import { Dashboard } from './support/dashboard.ts';
import { Editor, type EditorWindow } from './support/editor.ts';
import { pictureOnFailure } from './support/failure.ts';
import {
  allThemes,
  boxOf,
  examples,
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

  /** The scene in the themes; of a part only its upper left. What the documentation does not need in Chinese is only reached. */
  async function show(
    scene: string,
    { themes = allThemes, part, width = Infinity, height = Infinity }: Shown = {},
  ): Promise<void> {
    for (const theme of themes.filter((each) => isKept(scene, each))) {
      await showTheme(window, theme);
      const box = part && (await boxOf(part));
      const area = box && { ...box, width: Math.min(width, box.width), height: Math.min(height, box.height) };
      await picture(window.page, name(scene, theme), area);
    }
    await showTheme(window, 'dark');
  }
  const isKept = (scene: string, theme: Theme): boolean =>
    language === 'en' ||
    scene.startsWith('walkthrough/') ||
    (theme === 'dark' && /^(first|editor|hover|nearest|failing|details-overview|dashboard)$/.test(scene));
  const usual: readonly Theme[] = ['dark', 'light'];
  const sideBar = (): Locator => window.page.locator('.part.sidebar');
  const row = (kind: string, text: string): Locator => window.row(kind, text);
  const details = (): FrameLocator =>
    window.page.frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])').frameLocator('#active-frame');
  /** Each picture needs its hover anew: choosing a theme closes it. */
  async function showHover(scene: string, hover: () => Promise<unknown>): Promise<void> {
    for (const theme of usual.filter((each) => isKept(scene, each))) {
      await showTheme(window, theme);
      await hover();
      await picture(window.page, name(scene, theme));
      await leaveHover();
    }
    await showTheme(window, 'dark');
  }
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
    await show('walkthrough/start', { part: sideBar(), height: 230 });
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
    await window.retypeLine(6, '  replicas: 2');
    await window.page.keyboard.press('Control+S');
    await window.agreeToApplyOnSave();
    await row('Deployment', 'frontend').locator('.ready', { hasText: '2/2' }).waitFor();
    await window.retypeLine(6, '  replicas: 3');
    await window.save();
    for (const kind of ['Deployment', 'Service']) await row(kind, 'frontend').locator('.ready', { hasText: '3/3' }).waitFor();
    await row('ReplicationController', 'redis-follower').locator('.ready', { hasText: '2/2' }).waitFor();
    await window.page.locator('.notification-toast').waitFor({ state: 'detached' });
    await expect.poll(() => decorations(window.page)).toContain('2 → 3');
    await window.page.locator('.codelens-decoration', { hasText: '3/3' }).first().waitFor();
    expect(await misfits(window.tree)).toEqual([]);
    await widenSideBar(window, 340);
    await show('editor');
    await show('walkthrough/example', { part: window.page.locator('.part.editor'), width: 500, height: 290 });
    await show('walkthrough/tree', { part: sideBar(), height: 480 });
  });

  test('a selector, hovered, lists the live pods', async () => {
    await showHover('hover', async () => {
      const hover = await hoverLast('guestbook');
      await expect.poll(async () => (await hover.innerText()).match(/frontend-\w+-\w+/g)?.length, { timeout: 30_000 }).toBe(3);
    });
  });

  test('pods that fail, and why', async () => {
    kubectl(editor, 'apply', '-f', window.pathOf('broken'));
    await window.tree.locator('.bar .toggle').click();
    await row('Pod', 'crash-loop').locator('.why', { hasText: 'CrashLoopBackOff' }).waitFor();
    await row('Pod', 'image-cannot-be-pulled').locator('.why', { hasText: 'ImagePullBackOff' }).waitFor();
    for (const [scene, width] of Object.entries({
      'walkthrough/mend': 420,
      'failing-wide': 480,
      failing: 300,
      'failing-narrow': 170,
    })) {
      await widenSideBar(window, width);
      expect(await misfits(window.tree), scene).toEqual([]);
      await show(scene, { part: sideBar(), height: 250 });
    }
    await window.tree.locator('.bar .toggle').click();
    expect(await misfits(window.tree), 'all rows, 170 px').toEqual([]);
    await show('tree-narrow', { part: sideBar(), themes: usual });
    await widenSideBar(window, 300);
  });

  test('a selector that finds nothing, and what comes nearest', async () => {
    await window.openFile('selector-matches-nothing.yaml');
    await window.page.locator('.squiggly-warning').first().waitFor();
    await showHover('nearest', async () => {
      // Hints that come meanwhile move the words.
      await expect.poll(async () => (await leaveHover(), (await hoverLast('shop')).innerText())).toContain('Deployment/store');
    });
  });

  test('the details of a pod that fails', async () => {
    await row('Pod', 'crash-loop').dblclick();
    await details().locator('.headline', { hasText: 'CrashLoopBackOff' }).waitFor();
    for (const tab of ['overview', 'events', 'timeline', 'logs', 'yaml']) {
      await details().locator(`#tab-${tab}`).click();
      await details().locator(`.panel-${tab} > *`).first().waitFor();
      if (tab === 'logs') await details().locator('.log .line', { hasText: 'cannot find the database' }).first().waitFor();
      await show(`details-${tab}`, { part: window.page.locator('.part.editor'), themes: tab === 'overview' ? allThemes : usual });
    }
  });

  test('the boxes of Scale and Expose', async () => {
    for (const command of ['scale', 'expose']) {
      const box = window.page.locator('.quick-input-widget');
      // On a busy machine the focus may return to the tree so late that it closes the box again.
      for (let isOpen = false; !isOpen;) {
        await window.contextMenu(row('Deployment', 'frontend'), title(command));
        isOpen = await box.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      }
      await show(command, { part: box, themes: ['dark'] });
      await window.page.keyboard.press('Escape');
      await box.waitFor({ state: 'hidden' });
    }
  });

  test('kubectl in a terminal', async () => {
    await window.command('Terminal: Create New Terminal');
    const terminal = window.page.locator('.terminal-wrapper.active');
    await terminal.locator('textarea.xterm-helper-textarea').waitFor({ state: 'attached' });
    await terminal.locator('textarea.xterm-helper-textarea').focus();
    await window.page.keyboard.type("PS1='$ '; clear\nkubectl get pods -l app=guestbook\n");
    await terminal
      .locator('.xterm-rows', { hasText: /frontend-\w+-\w+/ })
      .first()
      .waitFor({ state: 'attached' });
    await show('walkthrough/kubectl', { part: terminal, width: 580, height: 130 });
    await window.command('View: Toggle Panel Visibility');
  });

  test('the walkthrough', async () => {
    await window.page.locator('.tab.active').click();
    await window.command(title('openWalkthrough'));
    await window.page.locator('.getting-started-step.expanded').waitFor();
    await window.page.keyboard.press('Control+B');
    const width = `document.querySelector('.getting-started-media img')?.naturalWidth`;
    await expect.poll(() => window.page.evaluate<number>(width)).toBeGreaterThan(0);
    await show('walkthrough', { themes: usual });
    await window.page.keyboard.press('Control+B');
  });

  test('the same in an ordinary browser', async () => {
    const dashboard = await Dashboard.open(editor, language, viewport);
    try {
      const rowThere = dashboard.page.locator('.row.kind-Deployment', { hasText: 'frontend' });
      await rowThere.dblclick();
      await dashboard.page.keyboard.press('ArrowRight');
      await dashboard.page.mouse.move(viewport.width - 40, viewport.height - 40);
      await dashboard.page.frameLocator('.side iframe').getByRole('tab').first().waitFor();
      for (const theme of usual.filter((each) => isKept('dashboard', each))) {
        await dashboard.page.emulateMedia({ colorScheme: theme === 'light' ? 'light' : 'dark' });
        await picture(dashboard.page, name('dashboard', theme));
      }
    } finally {
      await dashboard.close();
    }
  });
});

/** What stands beside the lines of the open file: the style sheet holds it, not the page. */
const decorations = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `[...document.querySelectorAll('.editor-instance .view-line span')].map((each) => getComputedStyle(each, '::after').content).join(' ')`,
  );

interface Shown {
  readonly themes?: readonly Theme[];
  readonly part?: Locator;
  readonly width?: number;
  readonly height?: number;
}
