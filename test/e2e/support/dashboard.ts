/** The dashboard in an ordinary browser, on the cluster that the editor started. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../extension/chromium.ts';
import { cliFile } from '../../support/testCluster.ts';
import type { Editor } from './editor.ts';

export class Dashboard {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: ChildProcess;

  private constructor(page: Page, browser: Browser, server: ChildProcess) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  static async open(
    editor: Editor,
    language: 'en' | 'zh-cn',
    viewport: { readonly width: number; readonly height: number },
  ): Promise<Dashboard> {
    const kubeconfig = editor.runtime()?.kubeconfig;
    if (kubeconfig === undefined) throw new Error('no cluster runs');
    const args = [cliFile, 'dashboard', '--no-open', '--state', path.dirname(kubeconfig)];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const browser = await launchChromium();
    for await (const line of createInterface({ input: server.stdout })) {
      const [address] = /http:\/\/127\.0\.0\.1\S+/.exec(line) ?? [];
      if (address === undefined) continue;
      server.stdout.resume();
      const page = await browser.newPage({ viewport, locale: language === 'zh-cn' ? 'zh-CN' : 'en-US', colorScheme: 'dark' });
      await page.goto(address);
      return new Dashboard(page, browser, server);
    }
    await browser.close();
    throw new Error('the dashboard ended before it said its address');
  }

  async close(): Promise<void> {
    await this.#browser.close();
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    if (this.#server.exitCode === null && this.#server.kill()) await ended;
  }
}
