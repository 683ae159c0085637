/**
 * The extension in a real editor (code-server) and a real browser: what its activation takes by the editor's own account,
 * and how long a person waits after a click on Start and after a save. Nothing of the product knows that it is measured.
 */
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { RealClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import { createApiClient } from '#apiClient/apiClient.ts';
import { readKubeconfig } from '#apiClient/kubeconfig/contextAccess.ts';
import { type ObjectSink, reflect } from '#apiClient/reflector.ts';
import { Editor, type EditorWindow } from '../e2e/support/editor.ts';
import { web } from '../e2e/support/manifests.ts';
import { nextEvent, nextText } from './pageClock.ts';

/** Milliseconds that the editor has measured in its extension host. */
export interface Activation {
  /** Reading and running the bundle. */
  readonly load: number;
  /** `activate` itself. */
  readonly call: number;
  /** Both of an extension of one small file that comes with the editor, in the same window: what the editor itself takes. */
  readonly smallest: number;
}

/** One window after the other, each with an extension host of its own, nothing of the extension on the screen or running. */
export async function activations(windows: number): Promise<Activation[]> {
  const editor = await Editor.start({ files: { 'web.yaml': web } });
  try {
    const found: Activation[] = [];
    for (let i = 0; i < windows; i++) {
      const window = await editor.openWindow();
      found.push(await activationIn(window));
      await window.page.close({ runBeforeUnload: true });
    }
    return found;
  } finally {
    await editor.close();
  }
}

const ours = 'kube-playground.kube-playground';
const small = 'vscode.merge-conflict';
const statisticsOf = (text: string, extension: string): [load: number, call: number] | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`| ${extension} `));
  const [, , , load, call] = line?.split('|').map(Number) ?? [];
  return load === undefined || call === undefined ? undefined : [load, call];
};

/** `Developer: Startup Performance` lists what each extension took; it is looked at again until this one is in the list. */
async function activationIn(window: EditorWindow): Promise<Activation> {
  const { page } = window;
  for (;;) {
    await window.command('Developer: Startup Performance');
    await page.locator('.tab.active', { hasText: 'Startup Performance' }).waitFor();
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    const [own, other] = [statisticsOf(text, ours), statisticsOf(text, small)];
    if (own && other) return { load: own[0], call: own[1], smallest: other[0] + other[1] };
    await window.command('View: Close Editor');
    await page.locator('.tab.active', { hasText: 'Startup Performance' }).waitFor({ state: 'detached' });
  }
}

/** Milliseconds from a click on Start, each the first in its window, of a cluster that is new. */
export interface StartClick {
  readonly toStatusBar: number;
  /** Of that: until the process is started, from there until it says that the cluster is ready, and the rest. */
  readonly toSpawn: number;
  readonly spawnToReady: number;
  readonly readyToStatusBar: number;
}

export async function startClicks(windows: number): Promise<StartClick[]> {
  const editor = await Editor.start({ files: { 'web.yaml': web } });
  try {
    const found: StartClick[] = [];
    for (let i = 0; i < windows; i++) {
      const window = await editor.openWindow();
      await window.openView();
      const button = window.tree.locator('button.primary');
      await button.waitFor();
      const clicked = await nextEvent(await treeFrame(window), 'click');
      const shown = await nextText(window.page.mainFrame(), '.statusbar-item', /3 nodes/);
      await button.click();
      const [from, to] = [await clicked(), await shown()];
      const folder = path.dirname(editor.runtime()?.kubeconfig ?? '');
      const spawned = statSync(path.join(folder, 'cluster.log')).birthtimeMs;
      const ready = statSync(path.join(folder, 'running.json')).birthtimeMs;
      found.push({
        toStatusBar: to - from,
        toSpawn: spawned - from,
        spawnToReady: ready - spawned,
        readyToStatusBar: to - ready,
      });
      await window.command('Kube Playground: Stop Cluster');
      await button.waitFor();
      await window.page.close({ runBeforeUnload: true });
      rmSync(folder, { recursive: true, force: true });
    }
    return found;
  } finally {
    await editor.close();
  }
}

/** Milliseconds from the key that saves. */
export interface Save {
  /** Until a watch of the API tells of the change. */
  readonly toApplied: number;
  /** Until the tree's row shows it. */
  readonly toTree: number;
}

/** A Deployment whose number of replicas changes with each save. */
export async function saves(count: number): Promise<Save[]> {
  const editor = await Editor.start({ files: { 'web.yaml': web } });
  const stop = new AbortController();
  try {
    const window = await editor.openWindow();
    await window.startCluster();
    await window.openFile('web.yaml');
    await window.retypeLine(6, '  replicas: 2');
    await window.page.keyboard.press('Control+S');
    await window.agreeToApplyOnSave();
    await window.row('Deployment', 'web').locator('.ready', { hasText: '2/2' }).waitFor();
    const applied = await watchReplicas(editor.runtime()?.kubeconfig ?? '', stop.signal);
    const tree = await treeFrame(window);
    const found: Save[] = [];
    for (let i = 0; i < count; i++) {
      const replicas = i % 2 ? 2 : 3;
      await window.retypeLine(6, `  replicas: ${replicas}`);
      const pressed = await nextEvent(window.page.mainFrame(), 'keydown', 'S');
      const seen = applied(replicas);
      const shown = await nextText(tree, '.row.kind-Deployment .ready', new RegExp(`/${replicas}`));
      await window.page.keyboard.press('Control+S');
      const from = await pressed();
      found.push({ toApplied: (await seen) - from, toTree: (await shown()) - from });
      await window
        .row('Deployment', 'web')
        .locator('.ready', { hasText: `${replicas}/${replicas}` })
        .waitFor();
    }
    return found;
  } finally {
    stop.abort();
    await editor.close();
  }
}

/** Tells when the Deployment asks for a number of replicas, as a watch hears of it. */
async function watchReplicas(kubeconfig: string, signal: AbortSignal): Promise<(replicas: number) => Promise<number>> {
  const api = createApiClient(await readKubeconfig(kubeconfig));
  signal.addEventListener('abort', () => api.close());
  let wanted: number | undefined;
  let tell: (time: number) => void = () => undefined;
  const sink: ObjectSink = {
    replace: () => undefined,
    set: (_, object) => {
      if ((object as { spec?: { replicas?: number } }).spec?.replicas !== wanted) return;
      wanted = undefined;
      tell(performance.timeOrigin + performance.now());
    },
    remove: () => undefined,
  };
  const deployments = { kind: 'Deployment', apiVersion: 'apps/v1', path: '/apis/apps/v1/deployments' };
  const ctx = { api, clock: new RealClock(), random: new Random(0), signal };
  await new Promise<void>((resolve) => void reflect(ctx, deployments, sink, { onReached: resolve }));
  return (replicas) => {
    wanted = replicas;
    return new Promise((resolve) => (tell = resolve));
  };
}

async function treeFrame(window: EditorWindow): Promise<Frame> {
  const frame = await (await window.tree.locator('kp-tree').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the view has no page');
  return frame;
}
