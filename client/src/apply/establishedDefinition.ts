/** Custom resources stand in the same files as their definition, which the cluster takes a moment to serve. */
import type { KubeObject } from '#common/api/meta.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const patienceMs = 5_000;

/** Resolves when the definition's kind is served; after a while also when it is not. */
export async function whenEstablished(api: ApiClient, { metadata }: KubeObject, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const signals = [stop.signal, AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])];
  const path = withQuery('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    watch: true,
    fieldSelector: `metadata.name=${metadata.name ?? ''}`,
  });
  const onEvent = ({ object }: { readonly object: Definition }): void => {
    if (object.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) stop.abort();
  };
  await api.watch(path, onEvent, AbortSignal.any(signals));
}
