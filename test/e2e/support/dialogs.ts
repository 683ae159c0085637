/** What the editor asks and offers: questions in the middle of the window, notifications with buttons, menus. */
import type { Locator } from 'playwright-core';
import type { EditorWindow } from './editor.ts';

/** The question that keeps everything else waiting. */
export const dialog = (window: EditorWindow): Locator => window.page.locator('.monaco-dialog-box');

/** Answers it. */
export async function press(window: EditorWindow, button: string): Promise<void> {
  await dialog(window).locator('.monaco-button', { hasText: button }).first().click();
  await dialog(window).waitFor({ state: 'detached' });
}

/** Presses a button of a notification. */
export const choose = (window: EditorWindow, button: string): Promise<void> =>
  window.page.locator('.notification-toast .monaco-button', { hasText: button }).first().click();

/** What the menu of a right click on `target` offers; the menu is closed again. */
export async function menuOf(window: EditorWindow, target: Locator): Promise<string[]> {
  await target.click({ button: 'right' });
  const entries = window.page.locator('.context-view .monaco-menu .action-label');
  await entries.first().waitFor();
  const texts = (await entries.allInnerTexts()).map((text) => text.trim()).filter((text) => text);
  await window.page.keyboard.press('Escape');
  await entries.first().waitFor({ state: 'detached' });
  return texts;
}

/** The lines of the list that the editor lets a person choose from. */
export const choices = (window: EditorWindow): Locator =>
  window.page.locator('.quick-input-widget:not([style*="display: none"]) .quick-input-list .monaco-list-row');
