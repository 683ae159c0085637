/**
 * Pictures of what is on the screen, for the documentation: in the themes that people use, at the widths that they have.
 * Without PICTURES nothing is written, but each scene is waited for and measured all the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { projectFolder } from '../../support/testCluster.ts';
import type { Editor, EditorWindow } from './editor.ts';
import { smallPng } from './smallPng.ts';

/** 1: into the documentation; else the folder to write to. */
const wanted = process.env['PICTURES'];
const folder = wanted === '1' ? path.join(projectFolder, 'docs', 'images') : wanted;
export const isTakingPictures = wanted !== undefined && wanted !== '';

/** By the name that a picture carries: what the editor's list calls the theme, and how its page says so. */
const themes = {
  dark: { label: 'Dark Modern', ground: 'vs-dark' },
  light: { label: 'Light Modern', ground: 'vs' },
  contrast: { label: 'Dark High Contrast', ground: 'hc-black' },
} as const;
export type Theme = keyof typeof themes;
export const allThemes = Object.keys(themes) as Theme[];

/** Settings under which an editor looks as it does on most machines. */
export const looks = {
  'window.title': '${activeEditorShort}',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.fontFamily': "'JetBrains Mono', monospace",
  'editor.fontSize': 13,
  'editor.fontLigatures': false,
  'terminal.integrated.gpuAcceleration': 'off',
};

/** Gives the browser an everyday typeface for what editors call the system's, where the machine has it. */
export function useEverydayFonts(): void {
  const file = path.join(tmpdir(), 'kube-playground-fonts.conf');
  const prefer = (family: string, faces: readonly string[]): string =>
    `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong">${faces
      .map((face) => `<string>${face}</string>`)
      .join('')}</edit></match>`;
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include>/etc/fonts/fonts.conf</include>${prefer(
      'system-ui',
      ['Inter', 'Noto Sans CJK SC'],
    )}${prefer('sans-serif', ['Inter', 'Noto Sans CJK SC'])}${prefer('sans', ['Inter', 'Noto Sans CJK SC'])}${prefer('Liberation Mono', ['JetBrains Mono'])}${prefer('monospace', ['JetBrains Mono', 'Noto Sans Mono CJK SC'])}</fontconfig>`,
  );
  process.env['FONTCONFIG_FILE'] = file;
}

/** A person chooses another theme. Whatever has the focus has it again afterwards. */
export async function showTheme({ page }: EditorWindow, theme: Theme): Promise<void> {
  const { label, ground } = themes[theme];
  const shown = page.locator(`.monaco-workbench.${ground}`);
  if ((await shown.count()) > 0) return;
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+T');
  const input = page.locator('.quick-input-widget:not([style*="display: none"]) input').first();
  await input.waitFor();
  await input.fill(label);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).waitFor();
  await page.keyboard.press('Enter');
  await shown.waitFor();
  await input.waitFor({ state: 'hidden' });
}

/** Drags the border between side bar and editor. */
export async function widenSideBar(window: EditorWindow, width: number): Promise<void> {
  const bar = window.page.locator('.part.sidebar');
  const box = await boxOf(bar);
  const y = box.y + box.height / 2;
  await window.page.mouse.move(box.x + box.width, y);
  await window.page.mouse.down();
  await window.page.mouse.move(box.x + width, y, { steps: 4 });
  await window.page.mouse.up();
  await window.page.mouse.move(box.x + 400, 4);
  await window.page.locator('.monaco-sash:is(.hover, .active)').first().waitFor({ state: 'detached' });
  await expect.poll(async () => Math.abs((await boxOf(bar)).width - width)).toBeLessThan(8);
}

export async function boxOf(part: Locator): Promise<Area> {
  const box = await part.boundingBox();
  if (!box) throw new Error('that part is not on the screen');
  return box;
}

/** Nothing moves any more in the editor's pages: no row flashes, no message slides. */
async function comeToRest(page: Page): Promise<void> {
  const moving = 'document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).length';
  for (const frame of page.frames()) {
    // A frame that is replaced meanwhile is no longer on the screen.
    if (!frame.isDetached()) await expect.poll(() => frame.evaluate<number>(moving).catch(() => 0)).toBe(0);
  }
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Writes what is on the screen, or the part of it, as NAME.png, sharp enough for a screen of today. */
export async function picture(page: Page, name: string, part?: Area): Promise<void> {
  if (!isTakingPictures || folder === undefined) return;
  await comeToRest(page);
  const { x, y, width, height } = part ?? { x: 0, y: 0, ...(page.viewportSize() ?? { width: 1280, height: 800 }) };
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'png',
    clip: { x, y, width, height, scale: part ? 2 : 1.5 },
  });
  await session.detach();
  const file = path.join(folder, `${name}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, smallPng(Buffer.from(data, 'base64')));
}

/** What of the tree does not fit: texts that run out of their row, or are cut without telling the whole on hover. */
export async function misfits(frame: FrameLocator): Promise<string[]> {
  const owner = await frame.owner().elementHandle();
  const inner = await owner?.contentFrame();
  if (!inner) throw new Error('the tree is not on the screen');
  return inner.evaluate<string[]>(findMisfits);
}

const findMisfits = `(() => {
  const found = [];
  if (document.body.scrollWidth > innerWidth) found.push('the page is ' + (document.body.scrollWidth - innerWidth) + ' px too wide');
  for (const row of document.querySelectorAll('.row')) {
    const { right, height } = row.getBoundingClientRect();
    if (height !== 22) found.push(row.id + ' is ' + height + ' px high');
    for (const part of row.querySelectorAll(':scope > :not(.unseen)')) {
      const box = part.getBoundingClientRect();
      if (box.width > 0 && box.right > right) found.push(row.id + ': ' + part.className + ' runs out');
      const isCut = [part, ...part.children].some((each) => !each.matches('.unseen') && each.scrollWidth > each.clientWidth + 1);
      if (isCut && part.matches('.name, .about') && !row.title && !part.title) found.push(row.id + ': ' + part.className + ' is cut and not told');
    }
  }
  return found;
})()`;

/** Holds the cluster's process while it starts, as a slow machine would; the result lets it go. */
export async function holdStart(editor: Editor): Promise<() => void> {
  let pid = 0;
  await expect
    .poll(() => (pid = runtimePid(editor)), { interval: 10, timeout: 20_000, message: 'no cluster is being started' })
    .toBeGreaterThan(0);
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

function runtimePid(editor: Editor): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const line = lines.find((each) => each.includes('runtime.js {') && each.includes(path.basename(editor.folder)));
  return Number(line?.trim().split(' ')[0] ?? 0);
}

/** The files of examples, by their paths; without ports of this machine, which another cluster may have taken. */
export function examples(...folders: readonly string[]): Record<string, string> {
  const root = path.join(projectFolder, 'examples');
  const files = folders.flatMap((folder) => readdirSync(path.join(root, folder)).map((file) => path.join(folder, file)));
  const text = (file: string): string =>
    readFileSync(path.join(root, file), 'utf8').replace(/^#.*127\.0\.0\.1.*\n|^ *nodePort: .*\n/gm, '');
  return Object.fromEntries(files.map((file) => [file, text(file)]));
}
