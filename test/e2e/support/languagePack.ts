/**
 * Simplified Chinese for the editor itself. The editor has another display language only where a language pack of that
 * language is installed, and no registry that the suite may ask has one: this writes what an installed one leaves in the
 * user's data. It translates the few words of the editor that stand around the extension; the extension brings its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Module → key → text, as in the editor's `nls.keys.json`. What is missing stays English. */
const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'vs/workbench/browser/parts/editor/editorStatus': {
    singleSelection: '行 {0}，列 {1}',
    singleSelectionRange: '行 {0}，列 {1} (已选择{2})',
  },
};

/** For a server that is started on this folder of user data with `--locale zh-cn`. */
export function installLanguagePack(userData: string): void {
  const file = path.join(userData, 'language-pack', 'main.i18n.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: '1.0.0', contents: texts }));
  const pack = {
    hash: 'kube-playground',
    extensions: [{ extensionIdentifier: { id: 'kube-playground.zh-hans' }, version: '1.0.0' }],
    translations: { vscode: file },
    label: '中文(简体)',
  };
  writeFileSync(path.join(userData, 'languagepacks.json'), JSON.stringify({ 'zh-cn': pack }));
}
