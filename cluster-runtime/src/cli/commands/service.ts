/** `kube-playground service NAME`: where a Service answers on this machine, as `minikube service` tells it. */
import type { Service } from '#common/schema/generated/types.ts';
import { type ApiConnection, ApiRefusal, connect } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { openInBrowser } from '../openInBrowser.ts';
import { table } from '../report.ts';
import { openStateFolder } from '../stateFolder.ts';
import { urlsOf } from '../urls.ts';

export interface ServiceOptions {
  readonly state?: string;
  readonly namespace: string;
  readonly url?: boolean;
}

export async function service(name: string, options: ServiceOptions): Promise<void> {
  const api = connect(openStateFolder(options.state).kubeconfig);
  try {
    const urls = urlsOf(await find(api, name, options.namespace));
    const [first] = urls;
    if (!first)
      throw new CliError(
        `Service ${name} has no node port; give it the type NodePort or LoadBalancer, or use "kubectl port-forward service/${name}".`,
      );
    if (options.url) {
      for (const { url } of urls) process.stdout.write(`${url}\n`);
      return;
    }
    const rows = urls.map(({ url, port }) => [options.namespace, name, `${port.name ? `${port.name}/` : ''}${port.port}`, url]);
    for (const row of table([['NAMESPACE', 'NAME', 'TARGET PORT', 'URL'], ...rows])) process.stdout.write(`${row}\n`);
    openInBrowser(first.url);
  } finally {
    api.close();
  }
}

async function find(api: ApiConnection, name: string, namespace: string): Promise<Service> {
  try {
    return await api.get<Service>(`/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code !== 404) throw error;
    throw new CliError(`There is no Service ${name} in namespace ${namespace}; "kubectl get services -A" lists what there is.`);
  }
}
