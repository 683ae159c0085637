/** `kube-playground status`: whether a cluster runs, and what is in it. Exit status 1 when none does. */
import type { NodeList, PodList } from '#common/schema/generated/types.ts';
import { connect } from '../apiConnection.ts';
import { openStateFolder } from '../stateFolder.ts';

export async function status(options: { state?: string }): Promise<void> {
  const folder = openStateFolder(options.state);
  const running = folder.running();
  if (!running) {
    process.stdout.write(`stopped  ${folder.path}\n`);
    process.exitCode = 1;
    return;
  }
  const api = connect(folder.kubeconfig);
  try {
    const nodes = await api.get<NodeList>('/api/v1/nodes');
    const pods = await api.get<PodList>('/api/v1/pods');
    const ready = nodes.items.filter((node) =>
      node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
    ).length;
    const up = pods.items.filter((pod) => pod.status?.phase === 'Running').length;
    process.stdout.write(
      [
        `running  ${folder.path}`,
        `  API         ${running.server} (process ${running.pid}, since ${running.startedAt})`,
        `  kubeconfig  ${running.kubeconfig}`,
        `  nodes       ${ready}/${nodes.items.length} ready`,
        `  pods        ${up}/${pods.items.length} running`,
        '',
      ].join('\n'),
    );
  } finally {
    api.close();
  }
}
