/** The pods that an object stands for: itself, those that it selects, or those behind it. */
import type { KubeObject, LabelSelector } from '#common/api/meta.ts';
import { selectorText } from '#common/api/labelSelector.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type { Pod, PodList } from '#common/schema/generated/types.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { pathOf } from './command.ts';

interface Selecting extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

export async function podsBehind(connection: Connection, target: ObjectLocator): Promise<Pod[]> {
  const path = await pathOf(connection, target);
  if (target.kind === 'Pod' || target.kind === 'Container') return [await connection.api.get<Pod>(path)];
  const { metadata, spec } = await connection.api.get<Selecting>(path);
  // Of the first API: the plain map.
  const isMap = target.kind === 'Service' || target.kind === 'ReplicationController';
  const selector = isMap
    ? { matchLabels: spec?.selector as Record<string, string> }
    : (spec?.selector as LabelSelector | undefined);
  if (!spec?.selector || !selector) return [];
  const query = { labelSelector: selectorText(selector) };
  return (await connection.api.get<PodList>(withQuery(resourcePath('v1', 'pods', metadata.namespace), query))).items;
}
