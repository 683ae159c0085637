/** Serves the tree's page to an ordinary browser as the dashboard does, and says what the page was sent. */
import path from 'node:path';
import { RealClock } from '#common/base/clock.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Dashboard } from '#dashboard/dashboard.ts';
import type { Language } from '#dashboard/web/languages.ts';
import { WebServer } from '#dashboard/web/webServer.ts';
import { cliFile } from '../support/testCluster.ts';

export interface TreeServer {
  /** Opens the page; once. */
  readonly entrance: string;
  /** For browsers that were let in. */
  readonly url: string;
  dashboard(language?: Language): Promise<Dashboard>;
  close(): Promise<void>;
}

export async function serveTree(api: ApiClient): Promise<TreeServer> {
  const server = new WebServer({
    api,
    clock: new RealClock(),
    clusterName: 'playground',
    mediaFolder: path.join(path.dirname(cliFile), 'media'),
    port: 0,
  });
  const entrance = await server.listen();
  return {
    entrance,
    url: `${new URL(entrance).origin}/`,
    dashboard: (language = 'en') => server.dashboard(language),
    async close() {
      await server.close();
      api.close();
    },
  };
}
