/**
 * Feeds one page with the details of one object at a time: what changed is sent at most once per frame, and not before the
 * page has drawn what it was sent before. Keeps where the page came from, and which values it may see.
 */
import { isSameObject } from '#common/protocol/details.ts';
import type { DetailsTab, FromDetails, ToDetails } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Resources } from '#apiClient/resources.ts';
import { DetailsSource } from './detailsSource.ts';
import { fileChanges, type ManifestFile } from './fileChanges.ts';
import { LogFeed, type LogChoice } from './logFeed.ts';
import { objectYaml } from './objectYaml.ts';

/** The cluster that is looked at; another one after it was started again. */
export interface DetailsConnection {
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly signal: AbortSignal;
}

export interface DetailsFeedOptions {
  readonly clock: Clock;
  readonly texts: DetailsTexts;
  readonly stateTexts: TreeTexts;
  send(message: ToDetails): void;
  /** The page shows another object now. */
  onObject?(object: ObjectLocator): void;
  /** The manifest that the object came from, where it is known. */
  findFile?(object: ObjectLocator, signal: AbortSignal): Promise<ManifestFile | undefined>;
}

const frameMs = 50;
const longestHistory = 50;

export class DetailsFeed implements Disposable {
  readonly #options: DetailsFeedOptions;
  readonly #history: ObjectLocator[] = [];
  readonly #revealed = new Set<string>();
  #object: ObjectLocator;
  #connection: DetailsConnection | undefined;
  #source: DetailsSource | undefined;
  #logs: LogFeed | undefined;
  #tab: DetailsTab = 'overview';
  #managedFields = false;
  #logChoice: LogChoice = { follow: true, previous: false };
  #isListening = false;
  #isDrawing = false;
  #isChanged = false;
  #revision = 0;
  #timer: Disposable | undefined;
  #changes: AbortController | undefined;
  #comparedRevision: string | undefined;

  constructor(object: ObjectLocator, options: DetailsFeedOptions) {
    this.#object = object;
    this.#options = options;
  }

  get object(): ObjectLocator {
    return this.#object;
  }

  /** Follows that cluster from now on; without one, what is known stays. */
  connect(connection: DetailsConnection | undefined): void {
    this.#connection = connection;
    if (connection) this.#begin();
  }

  /** Shows another object; the page can come back. */
  show(object: ObjectLocator): void {
    if (isSameObject(object, this.#object) && object.container === this.#object.container) return;
    this.#history.push(this.#object);
    if (this.#history.length > longestHistory) this.#history.shift();
    this.#goTo(object);
  }

  /** Takes the messages that concern the feed; others are the caller's. */
  handle(message: FromDetails): void {
    switch (message.type) {
      case 'ready':
        this.#isListening = true;
        this.#isDrawing = false;
        this.#tab = message.tab ?? this.#tab;
        this.#sendNow();
        this.#openTab();
        break;
      case 'drawn':
        if (message.revision !== this.#revision) break;
        this.#isDrawing = false;
        this.#schedule();
        break;
      case 'logDrawn':
        this.#logs?.drawn(message.batch);
        break;
      case 'tab':
        this.#tab = message.tab;
        this.#openTab();
        break;
      case 'open':
        if (!message.aside) this.show(message.object);
        break;
      case 'back': {
        const object = this.#history.pop();
        if (object) this.#goTo(object);
        break;
      }
      case 'reveal':
        this.#reveal(message.key, message.shown);
        break;
      case 'yaml':
        this.#managedFields = message.managedFields;
        void this.#sendYaml();
        break;
      case 'logs':
        this.#logChoice = { follow: message.follow, previous: message.previous };
        this.#openLogs();
        break;
      case 'command':
        break;
    }
  }

  dispose(): void {
    this.#source?.dispose();
    this.#logs?.dispose();
    this.#changes?.abort();
    this.#timer?.dispose();
  }

  #goTo(object: ObjectLocator): void {
    this.#object = object;
    this.#revealed.clear();
    this.#logs?.dispose();
    this.#logs = undefined;
    this.#comparedRevision = undefined;
    this.#begin();
    this.#options.onObject?.(object);
    if (this.#isListening) this.#sendNow();
  }

  #begin(): void {
    this.#source?.dispose();
    this.#source = undefined;
    if (!this.#connection) return;
    const { clock, texts, stateTexts } = this.#options;
    const source: DetailsSource = new DetailsSource({
      ...this.#connection,
      clock,
      texts,
      stateTexts,
      object: this.#object,
      onChange: () => {
        if (source === this.#source || this.#source === undefined) this.#note();
      },
    });
    this.#source = source;
    this.#openTab();
  }

  #note(): void {
    this.#isChanged = true;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isListening || this.#isDrawing || this.#timer || !this.#isChanged) return;
    const timer = this.#options.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#sendNow();
      this.#refreshTab();
    }, frameMs);
    this.#timer = toDisposable(() => {
      timer.dispose();
      this.#timer = undefined;
    });
  }

  #sendNow(): void {
    this.#timer?.dispose();
    this.#isChanged = false;
    this.#isDrawing = true;
    const details = this.#source?.details(this.#revealed);
    const problem = this.#source?.problem;
    this.#options.send({
      type: 'details',
      revision: ++this.#revision,
      object: this.#object,
      canGoBack: this.#history.length > 0,
      canReveal: this.#options.findFile !== undefined,
      ...(details ? { details } : {}),
      ...(problem ? { problem } : {}),
    });
  }

  #reveal(key: string, shown: boolean): void {
    if (shown) this.#revealed.add(key);
    else this.#revealed.delete(key);
    if (this.#isListening) this.#sendNow();
    this.#comparedRevision = undefined;
    this.#refreshTab();
  }

  /** What the tab shows, from the beginning. */
  #openTab(): void {
    if (!this.#isListening) return;
    this.#comparedRevision = undefined;
    if (this.#tab === 'logs') this.#openLogs();
    else {
      this.#logs?.dispose();
      this.#logs = undefined;
    }
    this.#refreshTab();
  }

  #refreshTab(): void {
    if (this.#tab === 'yaml') void this.#sendYaml();
    else if (this.#tab === 'changes') void this.#sendChanges();
    else if (this.#tab === 'logs') this.#logs?.setPods(this.#source?.pods ?? []);
  }

  #openLogs(): void {
    this.#logs?.dispose();
    this.#logs = undefined;
    if (!this.#connection || this.#tab !== 'logs') return;
    const { clock, send } = this.#options;
    const { api, signal } = this.#connection;
    const { container } = this.#object;
    this.#logs = new LogFeed({ api, clock, signal, choice: this.#logChoice, container, send });
    this.#logs.setPods(this.#source?.pods ?? []);
  }

  async #sendYaml(): Promise<void> {
    const object = this.#source?.object;
    if (!object || this.#tab !== 'yaml') return;
    const text = await objectYaml(object, { managedFields: this.#managedFields, revealed: this.#revealed.has('') });
    if (object === this.#source?.object) this.#options.send({ type: 'yaml', text });
  }

  async #sendChanges(): Promise<void> {
    const object = this.#source?.object;
    const connection = this.#connection;
    if (!object || !connection || this.#comparedRevision === object.metadata.resourceVersion) return;
    this.#comparedRevision = object.metadata.resourceVersion;
    this.#changes?.abort();
    const stop = (this.#changes = new AbortController());
    const signal = AbortSignal.any([stop.signal, connection.signal]);
    try {
      const file = await this.#options.findFile?.(this.#object, signal);
      const path = file && (await connection.resources.pathOf(this.#object));
      const message =
        file && path
          ? await fileChanges(connection.api, path, object, file, this.#revealed.has(''), signal)
          : ({ type: 'changes', hunks: [] } as const);
      if (!signal.aborted) this.#options.send(message);
    } catch (error) {
      if (!signal.aborted) this.#options.send({ type: 'changes', hunks: [], problem: (error as Error).message });
    }
  }
}
