/** Serves pages of objects' details to an ordinary browser, fed from a real cluster: what the extension host does, over a WebSocket. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { RealClock } from '#common/base/clock.ts';
import { type FromDetails, parseFromDetails, parseLocator, type ToDetails } from '#common/protocol/details.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { Resources } from '#apiClient/resources.ts';
import { DetailsFeed } from '#dashboard/details/detailsFeed.ts';
import type { ManifestFile } from '#dashboard/details/fileChanges.ts';
import { detailsStyles, treePage } from '#dashboard/treePage.ts';
import { projectFolder } from '../support/testCluster.ts';

export interface DetailsServer {
  readonly url: string;
  readonly commands: Extract<FromDetails, { type: 'command' }>[];
  /** Everything that was sent to pages, as text. */
  sent(): string;
  close(): Promise<void>;
}

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };
/** Another build than the one in dist. */
const mediaFolder = process.env['KUBE_PLAYGROUND_MEDIA'] ?? path.join(projectFolder, 'dist/media');

export async function serveDetails(api: ApiClient, files: readonly ManifestFile[]): Promise<DetailsServer> {
  const clock = new RealClock();
  const stop = new AbortController();
  const connection = { api, resources: new Resources(api), signal: stop.signal };
  const commands: DetailsServer['commands'] = [];
  const styles = new Set(['browserTheme.css', ...detailsStyles]);
  let sent = '';

  const connect = (query: URLSearchParams, socket: WebSocket): void => {
    const object = parseLocator(Object.fromEntries(query));
    if (!object) {
      socket.close();
      return;
    }
    const send = (message: ToDetails): void => {
      const text = JSON.stringify(message);
      sent += text;
      if (socket.readyState === socket.OPEN) socket.send(text);
    };
    const feed = new DetailsFeed(object, {
      clock,
      texts: detailsTexts,
      stateTexts: treeTexts,
      send,
      findFile: ({ kind, name }) =>
        Promise.resolve(files.find((each) => each.object.kind === kind && each.object.metadata.name === name)),
    });
    feed.connect(connection);
    socket.on('message', (data: Buffer) => {
      const message = parseFromDetails(JSON.parse(data.toString()));
      if (message?.type === 'ready') send({ type: 'cluster', phase: 'running' });
      if (message?.type === 'command') commands.push(message);
      else if (message) feed.handle(message);
    });
    socket.on('close', () => feed.dispose());
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (name === 'details') {
      const { html } = treePage({
        script: 'details.js',
        styles: [...styles],
        styleSource: "'self'",
        connect: "'self'",
        nonce: randomUUID(),
        language: 'en',
      });
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    } else {
      const file = await readFile(path.join(mediaFolder, name)).catch(() => undefined);
      response.writeHead(file ? 200 : 404, { 'content-type': types[path.extname(name)] ?? 'text/plain' }).end(file);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => connect(new URL(request.url ?? '/', 'http://localhost').searchParams, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/details`,
    commands,
    sent: () => sent,
    async close() {
      stop.abort();
      for (const socket of sockets.clients) socket.terminate();
      api.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
