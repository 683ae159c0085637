/**
 * The logs of an object's pods for one page: all containers at once, those of new pods as they come, in batches that wait
 * until the page has drawn the one before. What comes faster than it is drawn is left out, the oldest first, and counted.
 */
import { ApiError } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { LogLine, LogsMessage, LogSource } from '#common/protocol/details.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { followLog, readLog } from '#apiClient/streams/logs.ts';

export interface LogChoice {
  readonly follow: boolean;
  /** Of the containers' lives before these. */
  readonly previous: boolean;
}

export interface LogFeedOptions {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly choice: LogChoice;
  /** Only this container of each pod. */
  readonly container?: string | undefined;
  send(message: LogsMessage): void;
}

const frameMs = 50;
const tailLines = 1_000;
const mostPending = 10_000;
/** More streams than this at once would be no reading matter. */
const mostSources = 40;

interface Source extends LogSource {
  state: LogSource['state'];
  problem?: string;
  /** The life of the container that is read: a new one is a new stream. */
  readonly life: string;
  readonly namespace: string;
  /** The beginning of a line whose end has not come yet. */
  rest: string;
}

export class LogFeed implements Disposable {
  readonly #options: LogFeedOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sources: Source[] = [];
  readonly #known = new Set<string>();
  #pending: LogLine[] = [];
  #dropped = 0;
  #batch = 0;
  #isDrawing = false;
  #isFirst = true;
  #isChanged = true;
  #timer: Disposable | undefined;

  constructor(options: LogFeedOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#schedule();
  }

  /** The pods as they are now: containers that were not there are read too, those that began anew are read on. */
  setPods(pods: readonly api.Pod[]): void {
    for (const pod of pods) {
      const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
      const { initContainers = [], containers = [] } = pod.spec ?? {};
      for (const { name } of [...initContainers, ...containers]) {
        if (this.#options.container !== undefined && name !== this.#options.container) continue;
        const status = statuses.find((each) => each.name === name);
        this.#read(pod, name, status);
      }
    }
  }

  drawn(batch: number): void {
    if (batch !== this.#batch) return;
    this.#isDrawing = false;
    this.#schedule();
  }

  dispose(): void {
    this.#stop.abort();
    this.#timer?.dispose();
  }

  #read(pod: api.Pod, container: string, status: api.ContainerStatus | undefined): void {
    const { choice } = this.#options;
    const { state, lastState, restartCount = 0 } = status ?? {};
    // There is nothing to read of what has not begun.
    if (choice.previous ? !lastState?.terminated : !state?.running && !state?.terminated && !lastState?.terminated) return;
    const life = `${pod.metadata.uid ?? ''} ${container} ${restartCount}`;
    if (this.#known.has(life) || this.#signal.aborted) return;
    // A container that waits to begin again has no log of its own yet; that of the life before was read already.
    if (!choice.previous && !state?.running && !state?.terminated && this.#knowsContainer(pod, container)) return;
    this.#known.add(life);
    const name = pod.metadata.name ?? '';
    let index = this.#sources.findIndex((each) => each.pod === name && each.container === container);
    const isAgain = index >= 0;
    if (!isAgain) {
      if (this.#sources.length >= mostSources) return;
      index = this.#sources.length;
      this.#sources.push({ pod: name, container, state: 'open', life, namespace: pod.metadata.namespace ?? '', rest: '' });
    }
    const source = this.#sources[index];
    if (source) void this.#stream(source, index, isAgain);
  }

  #knowsContainer(pod: api.Pod, container: string): boolean {
    return this.#sources.some((each) => each.pod === pod.metadata.name && each.container === container);
  }

  async #stream(source: Source, index: number, isAgain: boolean): Promise<void> {
    const { api, choice } = this.#options;
    const { pod, container, namespace } = source;
    const what = {
      namespace,
      pod,
      container,
      timestamps: true,
      previous: choice.previous,
      // The next life of a container is read from its beginning.
      ...(isAgain ? {} : { tailLines }),
    };
    source.state = 'open';
    delete source.problem;
    this.#changed();
    try {
      if (choice.follow && !choice.previous) await followLog(api, what, (text) => this.#take(source, index, text), this.#signal);
      else this.#take(source, index, await readLog(api, what, this.#signal));
      if (source.rest) this.#take(source, index, '\n');
      source.state = 'done';
    } catch (error) {
      if (this.#signal.aborted) return;
      source.state = 'failed';
      source.problem = error instanceof ApiError ? error.message : String(error);
    }
    this.#changed();
  }

  #take(source: Source, index: number, text: string): void {
    const lines = (source.rest + text).split('\n');
    source.rest = lines.pop() ?? '';
    for (const line of lines) this.#pending.push(logLine(index, line));
    if (this.#pending.length > mostPending) {
      this.#dropped += this.#pending.length - mostPending;
      this.#pending = this.#pending.slice(-mostPending);
    }
    this.#schedule();
  }

  #changed(): void {
    this.#isChanged = true;
    this.#schedule();
  }

  #schedule(): void {
    const hasNews = this.#pending.length > 0 || this.#isChanged;
    if (this.#isDrawing || this.#timer || !hasNews || this.#signal.aborted) return;
    this.#timer = this.#options.clock.setTimeout(() => this.#flush(), frameMs);
  }

  #flush(): void {
    this.#timer = undefined;
    // Within a batch the lines of all pods stand in the order of their times; sorting is stable.
    const lines = this.#pending.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const sources = this.#sources.map(({ pod, container, state, problem }) => ({
      pod,
      container,
      state,
      ...(problem ? { problem } : {}),
    }));
    this.#options.send({ type: 'logs', batch: ++this.#batch, reset: this.#isFirst, sources, lines, dropped: this.#dropped });
    this.#pending = [];
    this.#dropped = 0;
    this.#isFirst = false;
    this.#isChanged = false;
    this.#isDrawing = true;
  }
}

const stamp = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) /;

function logLine(source: number, line: string): LogLine {
  const at = stamp.exec(line);
  const text = (at ? line.slice(at[0].length) : line).replace(/\r$/, '');
  return { source, at: at?.[1] ?? '', text };
}
