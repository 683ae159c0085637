/**
 * Follows one object and what is around it for as long as somebody looks: the object, its events, the objects that it has to
 * do with, the scheduler's decision. Whatever comes is kept as it came; `onChange` says that something has.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { formatMicroTime } from '#common/api/time.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { Random } from '#common/base/random.ts';
import type { Details, TimelineEntry } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { type ObjectSink, reflect } from '#apiClient/reflector.ts';
import type { Resources } from '#apiClient/resources.ts';
import { foldDetails } from './foldDetails.ts';
import { definitionOf } from './kindTable.ts';
import { lean, RelatedStore } from './relatedStore.ts';
import { relatedWatches } from './relatedWatches.ts';
import { changesBetween } from './timeline.ts';

export interface DetailsSourceOptions {
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly clock: Clock;
  /** Ends with the connection. */
  readonly signal: AbortSignal;
  readonly object: ObjectLocator;
  readonly texts: DetailsTexts;
  readonly stateTexts: TreeTexts;
  onChange(): void;
}

const mostSeen = 200;
const eventOwners = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job', 'CronJob']);

export class DetailsSource implements Disposable {
  readonly #options: DetailsSourceOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #random: Random;
  readonly #related: RelatedStore;
  readonly #events = new Map<string, api.Event>();
  readonly #seen: TimelineEntry[] = [];
  #object: KubeObject | undefined;
  #problem: string | undefined;
  #isGone = false;
  #decision: api.SchedulingDecision | undefined;
  #isAsking = false;
  #eventWatch: AbortController | undefined;

  constructor(options: DetailsSourceOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#random = new Random(options.clock.now());
    this.#related = new RelatedStore(
      (watch, sink, signal, onReached) => this.#reflect(watch, sink, AbortSignal.any([this.#signal, signal]), onReached),
      () => options.onChange(),
    );
    void this.#start();
  }

  /** The object as it is stored; after it has gone, as it was last. */
  get object(): KubeObject | undefined {
    return this.#object;
  }

  /** Why nothing is known, or nothing new. */
  get problem(): string | undefined {
    return this.#isGone ? this.#options.texts.gone : this.#problem;
  }

  get pods(): readonly api.Pod[] {
    if (this.#object?.kind === 'Pod') return [this.#object as api.Pod];
    return (this.#related.all('Pod') as api.Pod[]).toSorted((a, b) =>
      (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1,
    );
  }

  details(revealed: ReadonlySet<string>): Details | undefined {
    if (!this.#object) return undefined;
    const { texts, stateTexts, object: locator } = this.#options;
    return foldDetails(
      { object: this.#object, locator, events: [...this.#events.values()], seen: this.#seen },
      { texts, stateTexts, related: this.#related, revealed, decision: this.#decision },
    );
  }

  dispose(): void {
    this.#stop.abort();
  }

  async #start(): Promise<void> {
    const { object, resources, texts } = this.#options;
    try {
      const resource = await resources.find(object.apiVersion, object.kind);
      if (this.#signal.aborted) return;
      if (!resource) {
        this.#fail(texts.unknownKind);
        return;
      }
      const collection = resourcePath(
        object.apiVersion,
        resource.plural,
        resource.namespaced ? object.namespace || 'default' : undefined,
      );
      const path = withQuery(collection, { fieldSelector: `metadata.name=${object.name}` });
      const sink: ObjectSink = {
        replace: (_kind, [found]) => this.#put(found),
        set: (_kind, found) => this.#put(found),
        remove: (_kind, last) => {
          if (last.metadata.uid === this.#object?.metadata.uid) this.#put(undefined);
        },
      };
      this.#reflect({ kind: object.kind, apiVersion: object.apiVersion, path }, sink, this.#signal, () => undefined);
    } catch (error) {
      if (!this.#signal.aborted) this.#fail((error as Error).message);
    }
  }

  #reflect(
    {
      kind,
      apiVersion,
      path,
      keep,
    }: { kind: string; apiVersion: string; path: string; keep?: (object: KubeObject) => KubeObject },
    sink: ObjectSink,
    signal: AbortSignal,
    onReached: () => void,
  ): void {
    const { api, clock } = this.#options;
    void reflect({ api, clock, random: this.#random, signal }, { kind, apiVersion, path, ...(keep ? { keep } : {}) }, sink, {
      onReached,
      onRefused: (error) => {
        // Who may not see what is around an object sees the object all the same.
        if (kind === this.#options.object.kind && !this.#object) this.#fail(error.message);
      },
    });
  }

  #put(object: KubeObject | undefined): void {
    const before = this.#object;
    this.#problem = undefined;
    if (!object) {
      this.#isGone = before !== undefined;
      if (!before) this.#problem = this.#options.texts.notFound;
      else if (this.#seen[0]?.what !== this.#options.texts.gone)
        this.#note([{ at: this.#now(), what: this.#options.texts.gone, state: 'warning' }]);
    } else {
      this.#isGone = false;
      this.#object = object;
      if (before && before.metadata.uid === object.metadata.uid)
        this.#note(changesBetween(before, object, this.#now(), this.#options.texts));
      else {
        this.#seen.length = 0;
        this.#watchEvents(object);
      }
      this.#related.follow(relatedWatches(object, definitionOf(object.apiVersion ?? '', object.kind ?? '')), object);
      if (object.kind === 'Pod') void this.#askScheduler(object);
    }
    this.#options.onChange();
  }

  #note(entries: readonly TimelineEntry[]): void {
    this.#seen.unshift(...entries);
    this.#seen.length = Math.min(this.#seen.length, mostSeen);
  }

  #now(): string {
    return formatMicroTime(this.#options.clock.now());
  }

  #watchEvents(object: KubeObject): void {
    this.#eventWatch?.abort();
    this.#eventWatch = new AbortController();
    this.#events.clear();
    const { kind = '', metadata } = object;
    // Events of what is in no namespace are in `default`; a node's are told by its name, for want of its uid.
    const namespace = metadata.namespace ?? (kind === 'Node' ? '' : 'default');
    const fieldSelector = eventOwners.has(kind)
      ? undefined
      : kind === 'Node'
        ? `involvedObject.kind=Node,involvedObject.name=${metadata.name ?? ''}`
        : `involvedObject.uid=${metadata.uid ?? ''}`;
    const path = withQuery(resourcePath('v1', 'events', namespace || undefined), { fieldSelector });
    const key = (event: KubeObject): string => event.metadata.uid ?? '';
    const changed = (): void => {
      if (kind === 'Pod' && this.#object) void this.#askScheduler(this.#object);
      this.#options.onChange();
    };
    const sink: ObjectSink = {
      replace: (_kind, events) => {
        this.#events.clear();
        for (const event of events) this.#events.set(key(event), ofNode(event, object));
        changed();
      },
      set: (_kind, event) => {
        this.#events.set(key(event), ofNode(event, object));
        changed();
      },
      remove: (_kind, event) => {
        this.#events.delete(key(event));
        changed();
      },
    };
    this.#reflect(
      { kind: 'Event', apiVersion: 'v1', path, keep: lean },
      sink,
      AbortSignal.any([this.#signal, this.#eventWatch.signal]),
      () => undefined,
    );
  }

  /** Decisions cannot be watched: they are read whenever the pod or its events change. */
  async #askScheduler({ metadata }: KubeObject): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const path = resourcePath('playground.kube/v1alpha1', 'schedulingdecisions', metadata.namespace, metadata.name);
    try {
      this.#decision = await this.#options.api.get<api.SchedulingDecision>(path, this.#signal);
      this.#options.onChange();
    } catch (error) {
      // Another cluster has no such API, and the playground forgets old decisions.
      if (error instanceof ApiError) this.#decision = undefined;
      else if (!this.#signal.aborted) this.#options.onChange();
    } finally {
      this.#isAsking = false;
    }
  }

  #fail(problem: string): void {
    this.#problem = problem;
    this.#options.onChange();
  }
}

/** A kubelet tells of its node by the node's name in the place of its uid. */
function ofNode(event: KubeObject, object: KubeObject): api.Event {
  const told = event as api.Event;
  return object.kind === 'Node' ? { ...told, involvedObject: { ...told.involvedObject, uid: object.metadata.uid ?? '' } } : told;
}
