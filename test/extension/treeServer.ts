/** Serves the tree's page to an ordinary browser, fed from a real cluster: what the extension host does, over HTTP. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { RealClock } from '#common/base/clock.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { type FromView, parseFromView, type ToView } from '#common/protocol/webview.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { Dashboard } from '#dashboard/dashboard.ts';
import { TreeFeed } from '#dashboard/treeFeed.ts';
import { treePage } from '#dashboard/treePage.ts';
import { projectFolder } from '../support/testCluster.ts';

export interface TreeServer {
  readonly url: string;
  readonly dashboard: Dashboard;
  /** What the page asked to be done. */
  readonly commands: Extract<FromView, { type: 'command' }>[];
  /** Bytes of rows that were sent to pages. */
  sentBytes(): number;
  close(): Promise<void>;
}

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

export async function serveTree(api: ApiClient | undefined): Promise<TreeServer> {
  const clock = new RealClock();
  const stop = new AbortController();
  const dashboard = new Dashboard('playground', treeTexts);
  dashboard.watchAll();
  if (api) dashboard.follow({ api, clock, signal: stop.signal }, () => undefined);
  const commands: TreeServer['commands'] = [];
  let feed: TreeFeed | undefined;
  let sent = 0;

  const connect = (response: ServerResponse): void => {
    feed?.dispose();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (message: ToView): void => {
      const text = `data: ${JSON.stringify(message)}\n\n`;
      sent += text.length;
      response.write(text);
    };
    feed = new TreeFeed(dashboard.model, clock, send);
    send({ type: 'cluster', phase: api ? 'running' : 'stopped' });
  };
  const receive = async (request: IncomingMessage): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const message = parseFromView(JSON.parse(text));
    if (message?.type === 'command') commands.push(message);
    else if (message) feed?.handle(message);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (name === 'events') connect(response);
    else if (name === 'messages') {
      await receive(request);
      response.writeHead(204).end();
    } else if (name === '') {
      const page = treePage({
        script: 'tree.js',
        styles: ['browserTheme.css', 'tree.css'],
        styleSource: "'self'",
        connect: "'self'",
        nonce: randomUUID(),
        language: 'en',
      });
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    } else {
      const file = await readFile(path.join(projectFolder, 'dist/media', name)).catch(() => undefined);
      response.writeHead(file ? 200 : 404, { 'content-type': types[path.extname(name)] ?? 'text/plain' }).end(file);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    dashboard,
    commands,
    sentBytes: () => sent,
    async close() {
      stop.abort();
      feed?.dispose();
      api?.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
