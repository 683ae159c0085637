/**
 * Watches the pods of the namespaces that objects were applied to, with their events, and says what those of a workload
 * are busy with or stuck at: `pulling mongo:7`, `CrashLoopBackOff: …`.
 */
import type { Event, LabelSelector, Pod } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';
import { CliError } from './cliError.ts';
import { type AnyObject, type Progress, progressOfPod } from './progress.ts';

interface WatchedNamespace {
  readonly pods: Map<string, Pod>;
  /** By the pod's uid: the image that its node pulls now. */
  readonly pulling: Map<string, string>;
  readonly listeners: Set<() => void>;
}

export class PodNotes {
  readonly #api: ApiConnection;
  readonly #signal: AbortSignal;
  readonly #namespaces = new Map<string, WatchedNamespace>();

  /** Watches until the signal aborts. */
  constructor(api: ApiConnection, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** Calls back when pods of the namespace change. Returns what ends that. */
  onChange(namespace: string, listener: () => void): () => void {
    const { listeners } = this.#watched(namespace);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** What to say of the workload's pods; undefined when there is nothing to say. */
  of(workload: AnyObject): Progress | undefined {
    const namespace = this.#watched(workload.metadata.namespace ?? '');
    const labels = selectedLabels(workload);
    if (workload.kind !== 'Pod' && labels.length === 0) return undefined;
    let found: Progress | undefined;
    for (const pod of namespace.pods.values()) {
      const own =
        workload.kind === 'Pod'
          ? pod.metadata.name === workload.metadata.name
          : labels.every(([key, value]) => pod.metadata.labels?.[key] === value);
      if (!own || pod.metadata.deletionTimestamp) continue;
      const progress = progressOfPod(pod);
      if (progress.state === 'ready') continue;
      const image = namespace.pulling.get(pod.metadata.uid ?? '');
      const note = image !== undefined && progress.state === 'waiting' ? { ...progress, text: `pulling ${image}` } : progress;
      // One that is stuck says more than one that is on its way.
      if (!found || note.state !== 'waiting') found = note;
    }
    return found;
  }

  #watched(namespace: string): WatchedNamespace {
    const present = this.#namespaces.get(namespace);
    if (present) return present;
    const made: WatchedNamespace = { pods: new Map(), pulling: new Map(), listeners: new Set() };
    this.#namespaces.set(namespace, made);
    const tell = (): false => {
      for (const listener of made.listeners) listener();
      return false;
    };
    void this.#watch<Pod>(`/api/v1/namespaces/${namespace}/pods?watch=true`, (type, pod) => {
      if (type === 'DELETED') made.pods.delete(pod.metadata.name ?? '');
      else made.pods.set(pod.metadata.name ?? '', pod);
      return tell();
    });
    void this.#watch<Event>(
      `/api/v1/namespaces/${namespace}/events?watch=true&fieldSelector=involvedObject.kind%3DPod`,
      (_, { involvedObject, reason, message }) => {
        const uid = involvedObject.uid ?? '';
        const image = reason === 'Pulling' ? /"(.+)"/.exec(message ?? '')?.[1] : undefined;
        if (image === undefined) made.pulling.delete(uid);
        else made.pulling.set(uid, image);
        return tell();
      },
    );
    return made;
  }

  async #watch<T extends Pod | Event>(path: string, onEvent: (type: string, object: T) => boolean): Promise<void> {
    try {
      await this.#api.watch<T>(
        path,
        (type, object) => type === 'BOOKMARK' || type === 'ERROR' || onEvent(type, object),
        this.#signal,
      );
    } catch (error) {
      // Notes are an extra: when the cluster ends under them, whoever follows the objects hears of that too.
      if (!(error instanceof CliError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

/** The labels that a workload selects its pods by. */
function selectedLabels(workload: AnyObject): [string, string][] {
  const { selector } = (workload as { spec?: { selector?: LabelSelector | Record<string, string> } }).spec ?? {};
  const labels = workload.kind === 'ReplicationController' ? selector : (selector as LabelSelector | undefined)?.matchLabels;
  return Object.entries((labels as Record<string, string> | undefined) ?? {});
}
