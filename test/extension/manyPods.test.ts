/** The tree of 20,000 pods in Chromium: rows that nobody sees are not in the page, and changes come as deltas. */
import { describe, expect, test } from 'vitest';
import { createApiClient } from '#apiClient/apiClient.ts';
import { chromiumFile, launchChromium } from './chromium.ts';
import { serveTree } from './treeServer.ts';

describe.skipIf(chromiumFile === undefined && !process.env['CI'])('the tree of many pods', { timeout: 60_000 }, () => {
  test('only the rows on the screen are in the page, and a change is one delta', async () => {
    const [many, quiet] = await Promise.all([launchChromium(), serveTree(createApiClient({ server: 'https://127.0.0.1:1' }))]);
    try {
      const { model } = await quiet.dashboard();
      const pod = (i: number, ready: boolean) => ({
        kind: 'Pod',
        metadata: { uid: `pod-${i}`, name: `pod-${i}`, namespace: 'default' },
        spec: { containers: [{ name: 'app', image: 'nginx' }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'app', ready, restartCount: 0, state: { running: {} } }] },
      });
      model.set('Namespace', { kind: 'Namespace', metadata: { uid: 'ns', name: 'default' } });
      for (let i = 0; i < 20_000; i++) model.set('Pod', pod(i, true));
      const view = await many.newPage({ viewport: { width: 420, height: 700 } });
      let received = 0;
      view.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (received += payload.length)));
      await view.goto(quiet.entrance);
      await view.locator('.kind-Pod').first().waitFor();
      expect(await view.locator('.row').count()).toBeLessThan(60);
      await view.locator('.kind-Group .count', { hasText: '20000' }).waitFor();
      await view.getByRole('tree').focus();
      await view.keyboard.press('End');
      await view.locator('.row.active', { hasText: 'pod-19999' }).waitFor();
      expect(await view.locator('.row').count()).toBeLessThan(60);
      expect(await view.locator('.row.active').getAttribute('aria-posinset')).toBe('20000');
      const before = received;
      model.set('Pod', pod(19_999, false));
      await view.locator('.row.active', { hasText: '0/1' }).waitFor();
      expect(received - before).toBeLessThan(1_000);
    } finally {
      await many.close();
      await quiet.close();
    }
  });
});
