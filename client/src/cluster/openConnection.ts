/**
 * What talks to the cluster of a kubeconfig. It brings the API's client along, which nobody needs before there is a cluster:
 * import it where it is called.
 */
import type { Clock } from '#common/base/clock.ts';
import { type ApiClient, createApiClient } from '#apiClient/apiClient.ts';
import { accessOfContext } from '#apiClient/kubeconfig/contextAccess.ts';
import { loadKubeconfig } from '#apiClient/kubeconfig/kubeconfig.ts';
import { Resources } from '#apiClient/resources.ts';

export interface OpenConnection {
  readonly api: ApiClient;
  readonly resources: Resources;
  /** The context's own, where it names one. */
  readonly namespace: string | undefined;
}

/** Of the named context, or the current one. Asks nothing of its server yet. Throws KubeconfigError. */
export async function openConnection(files: readonly string[], clock: Clock, context?: string): Promise<OpenConnection> {
  const config = await loadKubeconfig(files);
  const access = await accessOfContext(config, context);
  const api = createApiClient(access, { clock });
  return { api, resources: new Resources(api), namespace: access.namespace };
}
