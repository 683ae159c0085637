/** `top` and `autoscale`: what is used, and what follows from it. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';

/** Two containers whose use is stated, so that figures are the same in every run. */
const stated = (name: string, cpu: string, request: string): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name },
          annotations: { 'playground.kube/cpu': cpu, 'playground.kube/memory': '64Mi', 'playground.kube/memory.two': '8Mi' },
        },
        spec: {
          containers: ['one', 'two'].map((container) => ({
            name: container,
            image: 'registry.example/app:1',
            resources: { requests: { cpu: request } },
          })),
        },
      },
    },
  });

export function metricsCommands(kubectl: Kubectl): void {
  it('top: pods, their containers, nodes', async () => {
    await kubectl.input(stated('top', '300m', '100m')).ok`apply -f -`;
    await kubectl.ok`rollout status deployment/top --timeout=30s`;
    expect(await kubectl.ok`top pods -l app=top`).toMatch(/^NAME +CPU\(cores\) +MEMORY\(bytes\) +\ntop-\S+ +300m +40Mi +\n$/);
    expect(await kubectl.ok`top pods -l app=top --containers --no-headers`).toMatch(
      /^top-\S+ +one +150m +32Mi +\ntop-\S+ +two +150m +8Mi +\n$/,
    );
    const [pod = ''] = (await kubectl.ok`get pods -l app=top -o name`).trim().split('\n');
    expect(await kubectl.ok`top ${pod.replace('/', ' ').split(' ')} --no-headers`).toMatch(/^top-\S+ +300m +40Mi +\n$/);
    expect(await kubectl.ok`top pods -A --no-headers`).toMatch(new RegExp(`^${kubectl.id} +top-\\S+ +300m +40Mi +$`, 'm'));
    expect(await kubectl.fails`top pod nobody`).toBe('Error from server (NotFound): pods "nobody" not found\n');
    const nodes = await kubectl.ok`top nodes`;
    expect(nodes).toMatch(/^NAME +CPU\(cores\) +CPU\(?%\)? +MEMORY\(bytes\) +MEMORY\(?%\)? +\n/);
    expect(nodes).toMatch(/^node-1 +\d+m +\d+% +\d+Mi +\d+% +$/m);
    const node = (await kubectl.ok`get pods -l app=top -o jsonpath={.items[0].spec.nodeName}`).trim();
    const summary = JSON.parse(await kubectl.ok`get --raw /api/v1/nodes/${node}/proxy/stats/summary`) as {
      pods: { podRef: { name: string; namespace: string }; memory: { workingSetBytes: number } }[];
    };
    const own = summary.pods.find(({ podRef }) => podRef.namespace === kubectl.id && podRef.name.startsWith('top-'));
    expect(own?.memory.workingSetBytes).toBe(40 * 2 ** 20);
    await kubectl.ok`delete deployment top`;
  });

  it('autoscale', async () => {
    await kubectl.input(stated('busy', '400m', '100m')).ok`apply -f -`;
    expect(await kubectl.ok`autoscale deployment busy --min=1 --max=3 --cpu-percent=50`).toBe(
      'horizontalpodautoscaler.autoscaling/busy autoscaled\n',
    );
    expect(await kubectl.ok`get hpa busy --no-headers`).toMatch(
      /^busy +Deployment\/busy +(cpu: )?<unknown>\/50% +1 +3 +0 +\d+s\n$/,
    );
    await kubectl.ok`wait hpa/busy --for=condition=ScalingActive --timeout=60s`;
    await kubectl.ok`wait deployment/busy --for=jsonpath={.spec.replicas}=3 --timeout=60s`;
    expect(await kubectl.ok`get hpa busy --no-headers`).toMatch(/^busy +Deployment\/busy +(cpu: )?200%\/50% +1 +3 +\d +\d+s\n$/);
    const described = await kubectl.ok`describe hpa busy`;
    expect(described).toMatch(/resource cpu on pods +\(as a percentage of request\): +200% \(400m\) \/ 50%\n/);
    expect(described).toContain('New size: 3; reason: cpu resource utilization (percentage of request) above target');
    expect(await kubectl.fails`autoscale deployment busy --min=4 --max=3`).toContain(
      '--max=MAXPODS must be larger or equal to --min=MINPODS',
    );
    await kubectl.ok`delete hpa,deployment busy`;
  });
}
