/** Looking after nodes. Each kubectl has a node of its own, on which nobody else's pods run. */
import { beforeAll, expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { shell, shellPod } from '../manifests.ts';

export function nodeCommands(kubectl: Kubectl): void {
  const node = `node-of-${kubectl.id}`;
  const namespace = `${kubectl.id}-nodes`;
  const inside = kubectl.in(namespace);
  const own = {
    nodeSelector: { 'example.com/of': kubectl.id },
    tolerations: [{ key: 'example.com/of', operator: 'Exists' }],
  };

  beforeAll(async () => {
    await kubectl.ok`create namespace ${namespace}`;
    const taints = [{ key: 'example.com/of', value: kubectl.id, effect: 'NoSchedule' }];
    const labels = { 'example.com/of': kubectl.id };
    await kubectl.input(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: node, labels },
        spec: { taints },
        status: { capacity: { cpu: '4', memory: '8Gi', pods: '110' }, allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
      }),
    ).ok`create -f -`;
    await kubectl.ok`wait --for=condition=Ready node/${node} --timeout=30s`;
  });

  it('cordon, drain, uncordon and taint', async () => {
    const labels = { app: 'moved' };
    const replicaSet = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'moved' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...own, containers: [shell('main', 'exec sleep 1000')] } },
      },
    };
    await inside.input(JSON.stringify(replicaSet)).ok`apply -f -`;
    await inside.input(shellPod('alone', 'exec sleep 1000', own)).ok`apply -f -`;
    await inside.ok`wait --for=jsonpath={.status.readyReplicas}=2 replicaset/moved --timeout=30s`;
    await inside.ok`wait --for=condition=Ready pod/alone --timeout=30s`;

    expect(await kubectl.ok`cordon ${node}`).toBe(`node/${node} cordoned\n`);
    expect(await kubectl.ok`cordon ${node}`).toBe(`node/${node} already cordoned\n`);
    expect(await kubectl.ok`get node ${node} --no-headers`).toMatch(
      new RegExp(`^${node} +Ready,SchedulingDisabled +<none> +\\d+s +v1\\.36\\.3\\n$`),
    );

    expect(await kubectl.fails`drain ${node}`).toMatch(new RegExp(`cannot delete .*declare no controller.*: ${namespace}/alone`));
    const drained = await kubectl.ok`drain ${node} --force --timeout=30s`;
    expect(drained).toMatch(new RegExp(`^node/${node} already cordoned\\n`));
    for (const pod of ['alone', 'moved-\\w{5}']) expect(drained).toMatch(new RegExp(`\\nevicting pod ${namespace}/${pod}\\n`));
    expect(drained).toMatch(new RegExp(`\\npod/alone evicted\\n`));
    expect(drained).toMatch(new RegExp(`\\nnode/${node} drained\\n$`));
    expect(await inside.ok`get pods -l app=moved --no-headers`).toMatch(/^(moved-\w{5} +0\/1 +Pending +0 +\d+s\n){2}$/);

    expect(await kubectl.ok`uncordon ${node}`).toBe(`node/${node} uncordoned\n`);
    await inside.ok`wait --for=jsonpath={.status.readyReplicas}=2 replicaset/moved --timeout=30s`;

    const running = (await inside.ok`get pods -l app=moved -o name`).trim().split('\n');
    expect(await kubectl.ok`taint node ${node} example.com/full=yes:NoExecute`).toBe(`node/${node} tainted\n`);
    expect(await kubectl.ok`describe node ${node}`).toMatch(
      new RegExp(`\\nTaints: +example\\.com/full=yes:NoExecute\\n +example\\.com/of=${kubectl.id}:NoSchedule\\n`),
    );
    await inside.ok`wait --for=delete ${running} --timeout=30s`;
    expect(await inside.ok`get events --field-selector=reason=TaintManagerEviction -o jsonpath={.items[0].message}`).toMatch(
      new RegExp(`^Marking for deletion Pod ${namespace}/moved-\\w{5}$`),
    );
    expect(await kubectl.ok`taint node ${node} example.com/full-`).toBe(`node/${node} untainted\n`);
    await inside.ok`wait --for=jsonpath={.status.readyReplicas}=2 replicaset/moved --timeout=30s`;
    expect(await kubectl.fails`taint node ${node} example.com/full-`).toBe('error: taint "example.com/full" not found\n');
    await inside.ok`delete replicaset moved`;

    // A PodDisruptionBudget that allows none to go.
    await inside.input(shellPod('guarded', 'exec sleep 1000', own)).ok`apply -f -`;
    await inside.ok`create poddisruptionbudget guard --selector=app=guarded --min-available=1`;
    await inside.ok`wait --for=condition=Ready pod/guarded --timeout=30s`;
    await inside.ok`wait --for=jsonpath={.status.currentHealthy}=1 pdb/guard --timeout=30s`;
    const { stderr } = await kubectl.run`drain ${node} --force --pod-selector=app=guarded --timeout=1s`;
    expect(stderr).toMatch(
      /error when evicting pods?\/"guarded" -n "\S+" \(will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\./,
    );
    expect(await inside.ok`get pdb guard`).toMatch(
      /^NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nguard +1 +N\/A +0 +\d+s\n$/,
    );
    await inside.ok`delete pdb/guard pod/guarded`;
    await kubectl.ok`uncordon ${node}`;
  });

  it('get nodes, wide and by label', async () => {
    expect(await kubectl.ok`get nodes node-1 node-2 node-3`).toMatch(
      /^NAME +STATUS +ROLES +AGE +VERSION\n(node-[123] +Ready +<none> +\S+ +v1\.36\.3\n){3}$/,
    );
    expect(await kubectl.ok`get nodes -l example.com/of=${kubectl.id} -o name`).toBe(`node/${node}\n`);
    expect(await kubectl.ok`get node node-1 -o wide`).toMatch(
      /^NAME .* INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME\nnode-1 .* containerd:\/\/\S+\n$/,
    );
    expect(
      await kubectl.ok`get node node-1 -o ${'jsonpath={.status.capacity.cpu} {.status.capacity.memory} {.status.capacity.pods}'}`,
    ).toBe('8 16Gi 110');
  });

  it('debug of a node runs a pod on it', async () => {
    const { stdout } = await inside.run`debug node/node-2 --image=busybox:1.36 -- sh -c ${'hostname'}`;
    const [, pod = ''] = /^Creating debugging pod (\S+) with container debugger on node node-2\.\n/.exec(stdout) ?? [];
    await inside.ok`wait --for=jsonpath={.status.phase}=Succeeded pod/${pod} --timeout=30s`;
    expect(await inside.ok`get pod ${pod} -o ${'jsonpath={.spec.nodeName} {.spec.hostNetwork}'}`).toBe('node-2 true');
    expect(await inside.ok`logs ${pod}`).toBe('node-2\n');
    await inside.ok`delete pod ${pod}`;
  });
}
