/** What everybody does with a cluster: every kubectl has to be able to do it. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, deployment, shellPod } from '../manifests.ts';
import { getThroughPortForward } from '../portForward.ts';

export function coreCommands(kubectl: Kubectl): void {
  it('applies a Deployment and its Service, reaches it, and deletes both', async () => {
    const service = `${deployment('site', 2)}
---
apiVersion: v1
kind: Service
metadata: {name: site}
spec: {selector: {app: site}, ports: [{port: 8080, targetPort: http}]}
`;
    expect(await kubectl.input(service).ok`apply -f -`).toBe('deployment.apps/site created\nservice/site created\n');
    expect(await kubectl.ok`rollout status deployment/site --timeout=30s`).toMatch(
      /deployment "site" successfully rolled out\n$/,
    );
    expect(await kubectl.input(service).ok`apply -f -`).toBe('deployment.apps/site unchanged\nservice/site unchanged\n');

    expect(await kubectl.ok`get deployment site -o wide`).toMatch(
      /^NAME {3}READY {3}UP-TO-DATE {3}AVAILABLE {3}AGE {3,}CONTAINERS {3}IMAGES {7}SELECTOR\nsite {3}2\/2 {5}2 {12}2 {11}\d+s {3,}nginx {8}nginx:1\.26 {3}app=site\n$/,
    );
    expect(await kubectl.ok`get pods -l app=site -o wide`).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n(site-[a-z0-9]+-[a-z0-9]{5} +1\/1 +Running +0 +\d+s +10\.244\.\d+\.\d+ +node-\d +<none> +<none>\n){2}$/,
    );
    expect(await kubectl.ok`describe deployment site`).toMatch(
      /\nReplicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable\n/,
    );
    expect(await kubectl.ok`logs deployment/site --tail=1`).toMatch(/start worker process \d+\n$/);
    expect(await kubectl.ok`exec deployment/site -- cat /etc/nginx/conf.d/default.conf`).toContain('listen       80;');
    expect(await getThroughPortForward(kubectl, 'service/site', 8080)).toContain('<title>Welcome to nginx!</title>');

    const deleted = await kubectl.input(service).ok`delete -f -`;
    expect(deleted).toMatch(/^deployment\.apps "site" deleted.*\nservice "site" deleted.*\n$/);
    expect(await kubectl.ok`wait --for=delete pod -l app=site --timeout=30s`).toMatch(/^(pod\/site-\S+ condition met\n)*$/);
    expect(await kubectl.fails`get deployment site`).toBe('Error from server (NotFound): deployments.apps "site" not found\n');
  });

  it('gets one object in every form', async () => {
    expect(await kubectl.input(configMap('forms', { color: 'blue' }, { labels: { tier: 'front' } })).ok`apply -f -`).toBe(
      'configmap/forms created\n',
    );
    expect(await kubectl.ok`get configmap forms`).toMatch(/^NAME {4}DATA {3}AGE\nforms {3}1 {6}\d+s\n$/);
    expect(await kubectl.ok`get configmap forms -o name`).toBe('configmap/forms\n');
    expect(await kubectl.ok`get configmap forms -o yaml`).toMatch(
      /^apiVersion: v1\ndata:\n {2}color: blue\nkind: ConfigMap\nmetadata:\n/,
    );
    expect(JSON.parse(await kubectl.ok`get configmap forms -o json`)).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'forms', namespace: kubectl.id, labels: { tier: 'front' } },
      data: { color: 'blue' },
    });
    expect(await kubectl.ok`get configmap forms -o jsonpath={.data.color}`).toBe('blue');
    expect(await kubectl.ok`get configmap forms -o custom-columns=NAME:.metadata.name,TIER:.metadata.labels.tier`).toBe(
      'NAME    TIER\nforms   front\n',
    );
  });

  it('runs commands in a container, and gives back how they ended', async () => {
    await kubectl.input(shellPod('box', 'echo started; exec sleep 1000')).ok`apply -f -`;
    expect(await kubectl.ok`wait --for=condition=Ready pod/box --timeout=30s`).toBe('pod/box condition met\n');
    expect(await kubectl.ok`logs box`).toBe('started\n');
    expect(await kubectl.input('through stdin\n').ok`exec -i box -- cat`).toBe('through stdin\n');
    expect(await kubectl.run`exec box -- sh -c ${'echo out; echo err >&2; exit 7'}`).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\ncommand terminated with exit code 7\n',
    });
    expect(await kubectl.ok`describe pod box`).toMatch(
      /\n {2}Normal +Started +\d+s +kubelet +(spec.containers\{main\}: )?Container started\n/,
    );
    expect(await kubectl.ok`delete pod box`).toMatch(/^pod "box" deleted.*\n$/);
  });
}
