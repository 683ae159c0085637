/**
 * The dashboard for a browser: the same pages and messages as in the editor, over HTTP and WebSockets on 127.0.0.1. Nothing
 * is served to whom the entrance does not admit, and pages may load and reach nothing but this server.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#common/base/clock.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { ClusterPhase, ObjectLocator } from '#common/protocol/webview.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { Resources } from '#apiClient/resources.ts';
import { Dashboard } from '../dashboard.ts';
import { detailsStyles, type PageParts, treePage, treeStyles } from '../treePage.ts';
import { objectOf, serveDetailsPage } from './detailsConnection.ts';
import { Entrance } from './entrance.ts';
import { type Language, languageOf, type Words, wordsOf } from './languages.ts';
import { serveTreePage } from './treeConnection.ts';

export interface WebServerOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly clusterName: string;
  /** Where the built pages are. */
  readonly mediaFolder: string;
  /** 0: any free one. */
  readonly port: number;
}

/** In one language: rows have words in them. */
interface Picture {
  readonly dashboard: Dashboard;
  readonly words: Words;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const longestMessage = 1 << 20;

export class WebServer {
  readonly #options: WebServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage });
  readonly #stop = new AbortController();
  readonly #onPhase = new Emitter<ClusterPhase>();
  readonly #pictures = new Map<Language, Promise<Picture>>();
  readonly #resources: Resources;
  #entrance = new Entrance(0);
  #phase: ClusterPhase = 'running';

  constructor(options: WebServerOptions) {
    this.#options = options;
    this.#resources = new Resources(options.api);
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch(() => response.writeHead(500, safety).end('Internal error\n'));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** Rejects with the system's error when the port is taken. Resolves with the address that opens the dashboard, once. */
  async listen(): Promise<string> {
    this.#server.listen(this.#options.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#entrance = new Entrance((this.#server.address() as AddressInfo).port);
    return this.#entrance.url;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#onPhase.dispose();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What is shown in that language; for tests. */
  async dashboard(language: Language): Promise<Dashboard> {
    return (await this.#picture(language)).dashboard;
  }

  #picture(language: Language): Promise<Picture> {
    const known = this.#pictures.get(language) ?? this.#open(language);
    this.#pictures.set(language, known);
    return known;
  }

  async #open(language: Language): Promise<Picture> {
    const { api, clock, clusterName } = this.#options;
    const words = await wordsOf(language);
    const dashboard = new Dashboard(clusterName, words.tree);
    dashboard.follow({ api, clock, signal: this.#stop.signal }, (connected) => this.#setPhase(connected ? 'running' : 'lost'));
    dashboard.watchAll();
    return { dashboard, words };
  }

  #setPhase(phase: ClusterPhase): void {
    if (phase === this.#phase || this.#stop.signal.aborted) return;
    this.#phase = phase;
    this.#onPhase.fire(phase);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#entrance.origin);
    if (!this.#entrance.isAddressed(request)) return refuse(response, 421, 'This is not my name');
    if (request.method !== 'GET') return refuse(response, 405, 'Only GET is understood');
    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null) return this.#enter(token, request, response);
    if (!this.#entrance.isAdmitted(request)) return refuseEntry(request, response);
    if (url.pathname === '/') return this.#page(request, response, dashboardPage);
    if (url.pathname === '/details' && objectOf(url.searchParams)) return this.#page(request, response, detailsPage);
    await this.#file(url.pathname, response);
  }

  /**
   * The page that takes the token out of the address comes from here, so that the cookie is sent with the next request even
   * where the first was a link on another site.
   */
  async #enter(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cookie = this.#entrance.admit(token);
    if (cookie === undefined) return refuseEntry(request, response);
    const page = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Kube Playground</title>\n';
    const policy = "default-src 'none'; frame-ancestors 'none'";
    const headers = {
      ...safety,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'set-cookie': cookie,
    };
    response.writeHead(200, headers).end(page);
  }

  #page(request: IncomingMessage, response: ServerResponse, { ancestors, ...parts }: ServedPage): void {
    const { html, policy } = treePage({
      ...parts,
      styleSource: "'self'",
      connect: `'self' ws://${request.headers.host}`,
      icon: 'kube-playground.svg',
      nonce: randomUUID(),
      language: languageOf(request.headers['accept-language']),
    });
    const headers = { ...safety, 'content-type': 'text/html; charset=utf-8' };
    response.writeHead(200, { ...headers, 'content-security-policy': `${policy}; frame-ancestors ${ancestors}` }).end(html);
  }

  /** Pages have no folders. */
  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const name = /^\/([\w-]+\.(?:js|css|svg))$/.exec(pathname)?.[1];
    const file =
      name === undefined ? undefined : await readFile(path.join(this.#options.mediaFolder, name)).catch(() => undefined);
    if (name === undefined || !file) return refuse(response, 404, 'There is nothing here');
    response.writeHead(200, { ...safety, 'content-type': contentTypes[path.extname(name)] }).end(file);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#entrance.origin);
    const object = pathname === '/details' ? objectOf(searchParams) : undefined;
    const mayEnter =
      this.#entrance.isAddressed(request) && this.#entrance.isOwnPage(request) && this.#entrance.isAdmitted(request);
    if (!mayEnter || !(pathname === '/tree' || object)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const language = languageOf(request.headers['accept-language']);
    void this.#picture(language).then((picture) =>
      this.#sockets.handleUpgrade(request, socket, head, (page) => this.#connect(page, picture, object)),
    );
  }

  #connect(page: WebSocket, { dashboard, words }: Picture, object: ObjectLocator | undefined): void {
    const { api, clock } = this.#options;
    page.on('error', () => page.terminate());
    const common = { api, clock, words, resources: this.#resources, phase: () => this.#phase, onPhase: this.#onPhase.event };
    if (object) void serveDetailsPage(page, { ...common, object });
    else serveTreePage(page, { ...common, model: dashboard.model });
  }
}

interface ServedPage extends Pick<PageParts, 'script' | 'styles' | 'isFramed'> {
  /** Who may show it inside: a source of the policy. */
  readonly ancestors: string;
}

const dashboardPage: ServedPage = {
  script: 'dashboard.js',
  styles: ['browserTheme.css', ...treeStyles, 'menu.css', 'dashboard.css'],
  isFramed: true,
  ancestors: "'none'",
};
const detailsPage: ServedPage = { script: 'details.js', styles: ['browserTheme.css', ...detailsStyles], ancestors: "'self'" };

const safety = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function refuse(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { ...safety, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** Somebody opened the address a second time, or without its token. */
async function refuseEntry({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { browser } = await wordsOf(languageOf(headers['accept-language']));
  refuse(response, 403, browser.notAdmitted);
}
