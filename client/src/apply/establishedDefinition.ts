/** Custom resources stand in the same files as their definition, which the cluster takes a moment to serve. */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';

interface Definition extends KubeObject {
  readonly spec?: { readonly group?: string; readonly names?: { readonly kind?: string } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const patienceMs = 5_000;
const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The cluster's own definition of a kind, served or not yet; undefined also for those who may not see definitions. */
export async function definitionOf(api: ApiClient, apiVersion: string, kind: string): Promise<KubeObject | undefined> {
  const [group] = apiVersion.split('/');
  try {
    const { items } = await api.get<{ items: Definition[] }>(definitionsPath);
    return items.find(({ spec }) => spec?.group === group && spec?.names?.kind === kind);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Resolves when the definition's kind is served; after a while also when it is not. */
export async function whenEstablished(api: ApiClient, { metadata }: KubeObject, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const signals = [stop.signal, AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])];
  const path = withQuery(definitionsPath, { watch: true, fieldSelector: `metadata.name=${metadata.name ?? ''}` });
  const onEvent = ({ object }: { readonly object: Definition }): void => {
    if (object.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) stop.abort();
  };
  await api.watch(path, onEvent, AbortSignal.any(signals));
}
