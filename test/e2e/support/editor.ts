/**
 * A real editor in a real browser, as a person has it: code-server with the packaged extension, and Chromium. Methods
 * are named after what a person does. Nothing sleeps: each waits for what it caused to be on the screen.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../extension/chromium.ts';
import { installEditor } from './installEditor.ts';
import { installExtension } from './installExtension.ts';
import { installLanguagePack } from './languagePack.ts';

export interface EditorOptions {
  /** Files of the workspace: path → text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Workspace trust is asked for, as in a fresh editor. Off unless said. */
  readonly trust?: boolean;
  /** The display language. English unless said. */
  readonly locale?: 'en' | 'zh-cn';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The person's own kubeconfig: contexts beside the playground. None unless said. */
  readonly kubeconfig?: string;
  /** No kubectl is installed for the editor and its terminals. */
  readonly withoutKubectl?: boolean;
  /** Folders of the workspace that are opened side by side, as a `.code-workspace` file lists them. */
  readonly folders?: readonly string[];
}

const workspaceFile = 'side-by-side.code-workspace';
const listOf = (folders: readonly string[]): string => JSON.stringify({ folders: folders.map((each) => ({ path: each })) });

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'window.commandCenter': false,
  'git.enabled': false,
  // Its lines can then be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
};

/** One code-server with a workspace of its own; windows are pages of one browser. */
export class Editor {
  readonly folder: string;
  readonly workspace: string;
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #url: string;
  readonly #options: EditorOptions;
  readonly #windows: EditorWindow[] = [];

  private constructor(folder: string, server: ChildProcess, browser: Browser, url: string, options: EditorOptions) {
    this.folder = folder;
    this.workspace = path.join(folder, 'workspace');
    this.#server = server;
    this.#browser = browser;
    this.#url = url;
    this.#options = options;
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const entry = installEditor();
    const extension = installExtension(entry);
    const folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-e2e-'));
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
      writeFileSync(path.join(workspace, name), text);
    }
    const user = path.join(folder, 'user');
    mkdirSync(path.join(user, 'User'), { recursive: true });
    const settings = { ...quiet, 'security.workspace.trust.enabled': options.trust ?? false, ...options.settings };
    writeFileSync(path.join(user, 'User', 'settings.json'), JSON.stringify(settings));
    if (options.locale === 'zh-cn') installLanguagePack(user);
    if (options.folders) writeFileSync(path.join(workspace, workspaceFile), listOf(options.folders));
    cpSync(extension, path.join(folder, 'extensions'), { recursive: true });
    const { server, url } = await startServer(entry, folder, options);
    return new Editor(folder, server, await launchChromium(), url, options);
  }

  /** Opens the workspace in another window. */
  async openWindow(viewport = this.#options.viewport ?? { width: 1280, height: 800 }): Promise<EditorWindow> {
    const locale = this.#options.locale === 'zh-cn' ? 'zh-CN' : 'en-US';
    const context = await this.#browser.newContext({ viewport, locale, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const opened = this.#options.folders
      ? `workspace=${encodeURIComponent(path.join(this.workspace, workspaceFile))}`
      : `folder=${encodeURIComponent(this.workspace)}`;
    await page.goto(`${this.#url}/?${opened}`, { waitUntil: 'commit' });
    const window = new EditorWindow(page, this.workspace);
    this.#windows.push(window);
    await page.locator('.activitybar').waitFor({ timeout: 120_000 });
    return window;
  }

  /** Closes a window as a person does. */
  async closeWindow(window: EditorWindow): Promise<void> {
    const closed = window.page.waitForEvent('close');
    await window.page.close({ runBeforeUnload: true });
    await closed;
    this.#windows.splice(this.#windows.indexOf(window), 1);
  }

  read(file: string): string {
    return readFileSync(path.join(this.workspace, file), 'utf8');
  }

  /** Where the extension keeps the workspace's cluster; undefined before one was started. */
  runtime(): { readonly pid: number; readonly kubeconfig: string } | undefined {
    const [file] = globSync('user/**/kube-playground.kube-playground/cluster/running.json', { cwd: this.folder });
    if (file === undefined) return undefined;
    const record = JSON.parse(readFileSync(path.join(this.folder, file), 'utf8')) as { pid: number; kubeconfig?: string };
    return { pid: record.pid, kubeconfig: record.kubeconfig ?? path.join(this.folder, path.dirname(file), 'kubeconfig') };
  }

  async close(): Promise<void> {
    for (const window of this.#windows) await window.page.context().close();
    await this.#browser.close();
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    if (this.#server.pid !== undefined && this.#server.exitCode === null) {
      process.kill(-this.#server.pid, 'SIGKILL');
      await ended;
    }
    const pid = this.runtime()?.pid;
    if (pid !== undefined) killQuietly(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function startServer(
  entry: string,
  folder: string,
  options: EditorOptions,
): Promise<{ server: ChildProcess; url: string }> {
  const args = [
    entry,
    ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check'],
    ...['--user-data-dir', path.join(folder, 'user'), '--extensions-dir', path.join(folder, 'extensions')],
    ...(options.locale ? ['--locale', options.locale] : []),
  ];
  const without = options.withoutKubectl ? machineWithoutKubectl(folder) : {};
  const server = spawn(process.execPath, args, {
    // A group of its own, so that nothing of it outlives the suite.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...without,
      XDG_CONFIG_HOME: path.join(folder, 'config'),
      KUBECONFIG: options.kubeconfig ?? '',
      VSCODE_IPC_HOOK_CLI: '',
    },
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /HTTP server listening on (http:\/\/\S+?)\/?$/.exec(line)?.[1];
    if (url !== undefined) {
      server.stdout.resume();
      return { server, url };
    }
  }
  throw new Error('code-server ended before it listened');
}

/** All that is installed but kubectl. */
function machineWithoutKubectl(folder: string): Readonly<Record<string, string>> {
  const [home, programs] = [path.join(folder, 'home'), path.join(folder, 'programs')];
  mkdirSync(home);
  mkdirSync(programs);
  // As PATH has it: the first of a name counts.
  const files = ['/usr/local/bin', '/usr/sbin', '/usr/bin', '/bin'].flatMap((each) => globSync(path.join(each, '*')));
  const byName = new Map(files.reverse().map((file) => [path.basename(file), file]));
  byName.delete('kubectl');
  for (const [name, file] of byName) symlinkSync(file, path.join(programs, name));
  // The editor asks a login shell for its variables, as the system's own profile would set them.
  writeFileSync(path.join(home, '.profile'), `PATH='${programs}'\n`);
  return { PATH: programs, HOME: home, SHELL: '/bin/bash' };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Pages float above the editor's parts; those of tabs name the one that they float above. */
const inEditor = '[data-parent-flow-to-element-id^="webview-editor-element"]';

/** One window of the editor. */
export class EditorWindow {
  readonly page: Page;
  readonly #workspace: string;

  constructor(page: Page, workspace: string) {
    this.page = page;
    this.#workspace = workspace;
  }

  /** The side bar with Kube Playground's view in it. */
  async openView(): Promise<void> {
    const item = this.page
      .locator('.activitybar .action-item', { has: this.page.locator('[aria-label^="Kube Playground"]') })
      .first();
    await item.waitFor({ timeout: 60_000 });
    const isOpen = (): Promise<boolean> =>
      this.tree
        .locator('body')
        .waitFor({ timeout: 15_000 })
        .then(
          () => true,
          () => false,
        );
    // An editor that opens the view by itself, as it was open before, may do so just before the click, which closes it then.
    do if (!/\bchecked\b/.test((await item.getAttribute('class')) ?? '')) await item.click();
    while (!(await isOpen()));
  }

  /** The tree's page, inside its two frames. */
  get tree(): FrameLocator {
    const inSideBar = `:not(${inEditor}):not(.getting-started-media) > iframe.webview.ready`;
    return this.page.frameLocator(inSideBar).first().frameLocator('#active-frame');
  }

  /** The page in the editor's area that is seen: an object's details. */
  get details(): FrameLocator {
    // The editor says of the side bar's page what it is for, as long as that was not closed and opened again.
    return this.page.frameLocator('iframe.webview.ready:not([src*="purpose="])').first().frameLocator('#active-frame');
  }

  /** A row of the tree by its kind and name. */
  row(kind: string, name: string): Locator {
    return this.tree.locator(`.row.kind-${kind}`, { hasText: name }).first();
  }

  /** Starts the cluster with the view's button and waits until the status bar counts nodes. */
  async startCluster(nodes = 3): Promise<void> {
    await this.openView();
    await this.tree.locator('button.primary').click();
    await this.statusItem(`${nodes} nodes`).waitFor();
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  /** Runs a command from the palette by its title. */
  async command(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    // A page that is being opened takes the focus when it is there, and that closes the palette.
    for (let isTyped = false; !isTyped;) {
      await this.page.keyboard.press('F1');
      isTyped = await input.fill(`>${title}`, { timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    }
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    await entry.waitFor();
    await entry.click();
  }

  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(name);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: path.basename(name) })
      .first()
      .click();
    await this.page.locator(`.tab.active[aria-label^="${path.basename(name)}"]`).waitFor();
    await this.page.locator('.editor-instance .view-lines').first().waitFor();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    // Not one of its lines: bringing that into view would scroll the editor against its will.
    await this.page
      .locator('.editor-instance')
      .first()
      .click({ position: { x: 250, y: 60 } });
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.statusItem(new RegExp(`Ln ${line}, Col ${column}|行 ${line}，列 ${column}`)).waitFor();
  }

  /** Replaces a line's text by typing. */
  async retypeLine(line: number, text: string): Promise<void> {
    await this.goTo(line);
    await this.page.keyboard.press('Shift+End');
    await this.page.keyboard.type(text);
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** The first save asks; a person says yes. */
  async agreeToApplyOnSave(): Promise<void> {
    await this.page
      .locator('.notification-toast .monaco-button', { hasText: /Apply on Save|保存时应用/ })
      .first()
      .click();
  }

  /** Rests the pointer on a word of the open file; gives what the editor shows for it. */
  async hover(word: string): Promise<Locator> {
    const place = this.page
      .locator('.editor-instance .view-line span span', { hasText: new RegExp(`^\\s*${word}\\s*$`) })
      .first();
    const content = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    await place.hover();
    await content.waitFor();
    return content;
  }

  /** An entry of the menu that a right click on `target` opens. */
  async contextMenu(target: Locator, entry: string): Promise<void> {
    await target.click({ button: 'right' });
    const item = this.page
      .locator('.context-view .action-label, .monaco-menu .action-label')
      .getByText(entry, { exact: true })
      .first();
    // For its first tenth of a second a menu takes a click for the end of the one that opened it; no person is so quick.
    for (let isOpen = true; isOpen;) {
      await item.click();
      isOpen = await item.waitFor({ state: 'detached', timeout: 1_000 }).then(
        () => false,
        () => true,
      );
    }
  }

  /** Answers an input box or a pick. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:not([style*="display: none"]) input').first();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The texts of the problems view, as `file line message`. */
  async problems(): Promise<Locator> {
    await this.command('Problems: Focus on Problems View');
    return this.page.locator('.markers-panel-container .monaco-list-row');
  }

  pathOf(file: string): string {
    return path.join(this.#workspace, file);
  }
}
