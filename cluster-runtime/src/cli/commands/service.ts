/** `kube-playground service NAME`: where a Service answers on this machine, as `minikube service` tells it. */
import { spawn } from 'node:child_process';
import type { Service } from '#common/schema/generated/types.ts';
import { ApiRefusal, connect } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { table } from '../report.ts';
import { openStateFolder } from '../stateFolder.ts';

export interface ServiceOptions {
  readonly state?: string;
  readonly namespace: string;
  readonly url?: boolean;
}

export async function service(name: string, options: ServiceOptions): Promise<void> {
  const folder = openStateFolder(options.state);
  const api = connect(folder.kubeconfig);
  try {
    const found = await api.get<Service>(
      `/api/v1/namespaces/${encodeURIComponent(options.namespace)}/services/${encodeURIComponent(name)}`,
    );
    const ports = (found.spec?.ports ?? []).filter((port) => port.nodePort !== undefined);
    const [first] = ports;
    if (!first)
      throw new CliError(
        `Service ${name} has no node port; expose it with type NodePort or LoadBalancer, or use "kubectl port-forward".`,
      );
    const urls = ports.map((port) => `http://127.0.0.1:${port.nodePort}`);
    if (options.url) {
      process.stdout.write(`${urls.join('\n')}\n`);
      return;
    }
    const rows = ports.map((port, i) => [
      options.namespace,
      name,
      `${port.name ? `${port.name}/` : ''}${port.port}`,
      urls[i] ?? '',
    ]);
    for (const row of table([['NAMESPACE', 'NAME', 'TARGET PORT', 'URL'], ...rows])) process.stdout.write(`${row}\n`);
    openInBrowser(urls[0] ?? '');
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 404)
      throw new CliError(`There is no Service ${name} in namespace ${options.namespace}.`);
    throw error;
  } finally {
    api.close();
  }
}

/** Only where a person sits in front of it. */
function openInBrowser(url: string): void {
  if (!process.stdout.isTTY) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command ?? '', args, { stdio: 'ignore', detached: true });
  // No browser to open is no failure: the address has been printed.
  child.on('error', () => undefined);
  child.unref();
}
