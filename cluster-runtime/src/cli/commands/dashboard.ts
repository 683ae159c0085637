/** `kube-playground dashboard`: the tree and the details of the editor, in a browser, for as long as the command runs. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { RealClock } from '#common/base/clock.ts';
import { createApiClient } from '#apiClient/apiClient.ts';
import { WebServer } from '#dashboard/web/webServer.ts';
import { accessOf, connect } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { openInBrowser } from '../openInBrowser.ts';
import { openStateFolder } from '../stateFolder.ts';

export interface DashboardOptions {
  readonly state?: string;
  readonly port: number;
  readonly open: boolean;
}

export async function dashboard(options: DashboardOptions): Promise<void> {
  const { kubeconfig } = openStateFolder(options.state);
  await checkAnswers(kubeconfig);
  const api = createApiClient(accessOf(readFileSync(kubeconfig, 'utf8')));
  const server = new WebServer({
    api,
    clock: new RealClock(),
    clusterName: 'playground',
    mediaFolder: mediaFolder(),
    port: options.port,
  });
  try {
    const url = await listen(server, options.port);
    process.stdout.write(
      `The dashboard is at\n\n  ${url}\n\nThe address works once. Ctrl-C ends the dashboard; the cluster goes on.\n`,
    );
    if (options.open) openInBrowser(url);
    await interrupted();
  } finally {
    await server.close();
    api.close();
  }
}

/** Rejects with a sentence for a person when there is no cluster, or it does not run. */
async function checkAnswers(kubeconfig: string): Promise<void> {
  const api = connect(kubeconfig);
  try {
    await api.get('/api/v1/namespaces/default');
  } finally {
    api.close();
  }
}

async function listen(server: WebServer, port: number): Promise<string> {
  try {
    return await server.listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new CliError(`Port ${port} is in use; give another with --port, or none for any that is free.`);
    if (code === 'EACCES')
      throw new CliError(`Port ${port} may not be used; give another with --port, or none for any that is free.`);
    throw error;
  }
}

/** The pages stand beside the built command. */
function mediaFolder(): string {
  const command = path.dirname(realpathSync(process.argv[1] ?? ''));
  const places = [path.join(command, 'media'), path.resolve(command, '../../../dist/media')];
  const found = places.find((folder) => existsSync(path.join(folder, 'dashboard.js')));
  if (found === undefined) throw new CliError('The dashboard’s pages are not built; run "npm run build".');
  return found;
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
