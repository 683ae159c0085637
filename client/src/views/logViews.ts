/** Logs in output channels, one per object: followed while the cluster runs, with the pod's name before each line of a workload. */
import * as vscode from 'vscode';
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import { selectorText } from '#common/api/labelSelector.ts';
import { ApiError } from '#common/api/status.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { PodList, Pod } from '#common/schema/generated/types.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { LinePrefixer } from './linePrefixer.ts';

interface LogView {
  readonly channel: vscode.OutputChannel;
  stop: AbortController;
}

const tailLines = 1_000;

export class LogViews implements Disposable {
  readonly #views = new Map<string, LogView>();

  async show(connection: Connection, target: ObjectLocator, path: string): Promise<void> {
    const view = this.#viewOf(target);
    view.stop.abort();
    view.stop = new AbortController();
    view.channel.clear();
    view.channel.show(true);
    const pods = await podsOf(connection, target, path);
    const sources = pods.flatMap((pod) =>
      (pod.spec?.containers ?? [])
        .filter(({ name }) => !target.container || name === target.container)
        .map(({ name }) => ({ pod: pod.metadata.name ?? '', container: name })),
    );
    if (sources.length === 0) view.channel.appendLine(vscode.l10n.t('No pod of it is there.'));
    const signal = AbortSignal.any([view.stop.signal, connection.signal]);
    const namespace = encodeURIComponent(target.namespace || 'default');
    for (const { pod, container } of sources) {
      const prefixer = new LinePrefixer(sources.length > 1 ? `${pod} ${container} │ ` : '');
      const log = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}/log?follow=true&tailLines=${tailLines}&container=${encodeURIComponent(container)}`;
      void connection.api
        .read(log, (text) => view.channel.append(prefixer.next(text)), signal)
        // Such as: the container is waiting to start. The log says so where its lines would be.
        .catch((error: unknown) => view.channel.appendLine(error instanceof ApiError ? error.message : String(error)));
    }
  }

  /** Follows nothing any more; what is written stays to be read. */
  stop(): void {
    for (const { stop } of this.#views.values()) stop.abort();
  }

  dispose(): void {
    this.stop();
    for (const { channel } of this.#views.values()) channel.dispose();
    this.#views.clear();
  }

  #viewOf({ kind, namespace, name, container }: ObjectLocator): LogView {
    const title = [kind.toLowerCase(), namespace, name, container].filter((part) => part).join('/');
    const view = this.#views.get(title) ?? {
      channel: vscode.window.createOutputChannel(`⎈ ${title}`),
      stop: new AbortController(),
    };
    this.#views.set(title, view);
    return view;
  }
}

async function podsOf({ api }: Connection, target: ObjectLocator, path: string): Promise<Pod[]> {
  if (target.kind === 'Pod') return [await api.get<Pod>(path)];
  const { spec } = await api.get<KubeObject & { spec?: { selector?: LabelSelector & Record<string, unknown> } }>(path);
  // A ReplicationController's selector is the plain map of the first API.
  const selector =
    target.kind === 'ReplicationController'
      ? { matchLabels: spec?.selector as unknown as Record<string, string> }
      : spec?.selector;
  if (!selector) return [];
  const pods = `/api/v1/namespaces/${encodeURIComponent(target.namespace || 'default')}/pods`;
  return (await api.get<PodList>(`${pods}?labelSelector=${encodeURIComponent(selectorText(selector))}`)).items;
}
