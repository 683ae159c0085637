/** Changing parts of objects: edit, patch, label, annotate, scale, expose, autoscale and the `set` commands. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, deployment } from '../manifests.ts';

export function editCommands(kubectl: Kubectl): void {
  it('edit opens the object in an editor and sends what changed', async () => {
    await kubectl.input(configMap('edited', { color: 'blue' })).ok`apply -f -`;
    const edit = (editor: string) => kubectl.env({ KUBE_EDITOR: editor });
    expect(await edit('sed -i s/blue/green/').ok`edit configmap edited`).toBe('configmap/edited edited\n');
    expect(await kubectl.ok`get configmap edited -o jsonpath={.data.color}`).toBe('green');
    const cancelled = await edit('true').run`edit configmap edited`;
    expect(cancelled).toEqual({ code: 0, stdout: '', stderr: 'Edit cancelled, no changes made.\n' });
    const refused = await edit('sed -i s/name:.edited/name:.other/').fails`edit configmap edited`;
    expect(refused).toMatch(
      /^error: configmaps "edited" is invalid\nA copy of your changes has been stored to .*\nerror: Edit cancelled, no valid changes were saved\.\n$/,
    );
  });

  it('patch takes every type of patch', async () => {
    await kubectl.input(deployment('patched', 1)).ok`apply -f -`;
    const containers = () =>
      kubectl.ok`get deployment patched -o ${'jsonpath={range .spec.template.spec.containers[*]}{.name}={.image} {end}'}`;

    const strategic =
      '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"busybox:1.36","args":["sleep","1000"]}]}}}}';
    expect(await kubectl.ok`patch deployment patched -p ${strategic}`).toBe('deployment.apps/patched patched\n');
    expect((await containers()).trim().split(' ').sort()).toEqual(['nginx=nginx:1.26', 'side=busybox:1.36']);
    expect(await kubectl.ok`patch deployment patched -p ${strategic}`).toBe('deployment.apps/patched patched (no change)\n');

    const merge = '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"nginx:1.27"}]}}}}';
    expect(await kubectl.ok`patch deployment patched --type=merge -p ${merge}`).toBe('deployment.apps/patched patched\n');
    expect(await containers()).toBe('nginx=nginx:1.27 ');

    const json = '[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":0}]';
    expect(await kubectl.ok`patch deployment patched --type=json -p ${json}`).toBe('deployment.apps/patched patched\n');
    expect(await kubectl.ok`get deployment patched -o jsonpath={.spec.replicas}`).toBe('0');
    expect(await kubectl.fails`patch deployment patched --type=json -p ${json}`).toMatch(/^The request is invalid/);

    expect(await kubectl.ok`patch deployment patched --subresource=scale --type=merge -p ${'{"spec":{"replicas":1}}'}`).toMatch(
      /^scale\.autoscaling\/patched patched\n$/,
    );
    expect(await kubectl.ok`get deployment patched -o jsonpath={.spec.replicas}`).toBe('1');
    await kubectl.ok`delete deployment patched`;
  });

  it('label and annotate set, keep and remove', async () => {
    await kubectl.input(configMap('labelled', {})).ok`apply -f -`;
    expect(await kubectl.ok`label configmap labelled tier=front zone=a`).toBe('configmap/labelled labeled\n');
    expect(await kubectl.fails`label configmap labelled tier=back`).toBe(
      "error: 'tier' already has a value (front), and --overwrite is false\n",
    );
    expect(await kubectl.ok`label configmap labelled tier=back --overwrite`).toBe('configmap/labelled labeled\n');
    expect(await kubectl.ok`label configmap labelled zone-`).toBe('configmap/labelled unlabeled\n');
    expect(await kubectl.ok`label configmap labelled --list`).toBe('tier=back\n');
    // kubectl 1.27 says "annotate".
    expect(await kubectl.ok`annotate configmap labelled example.com/owner=me`).toMatch(/^configmap\/labelled annotated?\n$/);
    expect(await kubectl.ok`get configmap labelled -o ${'jsonpath={.metadata.annotations.example\\.com/owner}'}`).toBe('me');
    expect(await kubectl.ok`annotate configmap labelled example.com/owner-`).toMatch(/^configmap\/labelled annotated?\n$/);
    expect(await kubectl.fails`label configmap labelled ${'bad label=x'}`).toMatch(
      /name part must consist of alphanumeric characters/,
    );
  });

  it('scale and autoscale', async () => {
    await kubectl.input(deployment('scaled', 1)).ok`apply -f -`;
    expect(await kubectl.ok`scale deployment scaled --replicas=3`).toBe('deployment.apps/scaled scaled\n');
    expect(await kubectl.ok`rollout status deployment/scaled --timeout=30s`).toMatch(/successfully rolled out\n$/);
    expect(await kubectl.ok`get deployment scaled --no-headers`).toMatch(/^scaled +3\/3 +3 +3 +\d+s\n$/);
    expect(await kubectl.fails`scale deployment scaled --current-replicas=2 --replicas=1`).toMatch(
      /^error: Expected replicas to be 2, was 3\n$/,
    );
    expect(await kubectl.ok`autoscale deployment scaled --min=2 --max=5 --cpu-percent=80`).toBe(
      'horizontalpodautoscaler.autoscaling/scaled autoscaled\n',
    );
    expect(await kubectl.ok`get hpa scaled`).toMatch(
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nscaled +Deployment\/scaled +cpu: <unknown>\/80% +2 +5 +\d+ +\d+s\n$/,
    );
    await kubectl.ok`delete hpa,deployment scaled`;
  });

  it('expose makes a Service for a Deployment', async () => {
    await kubectl.input(deployment('exposed', 1)).ok`apply -f -`;
    expect(await kubectl.ok`expose deployment exposed --port=8080 --target-port=http --type=NodePort --name=door`).toBe(
      'service/door exposed\n',
    );
    expect(await kubectl.ok`get service door`).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\ndoor +NodePort +10\.96\.\d+\.\d+ +<none> +8080:3\d{4}\/TCP +\d+s\n$/,
    );
    await kubectl.ok`rollout status deployment/exposed --timeout=30s`;
    expect(
      await kubectl.ok`wait --for=jsonpath=${'{.endpoints[0].conditions.ready}=true'} endpointslice -l kubernetes.io/service-name=door --timeout=30s`,
    ).toMatch(/^endpointslice\.discovery\.k8s\.io\/door-\w{5} condition met\n$/);
    await kubectl.ok`delete service/door deployment/exposed`;
  });

  it('set image, env, resources and serviceaccount', async () => {
    await kubectl.ok`create serviceaccount runner`;
    await kubectl.input(deployment('set', 1)).ok`apply -f -`;
    const get = (field: string) => kubectl.ok`get deployment set -o jsonpath=${`{.spec.template.spec${field}}`}`;
    expect(await kubectl.ok`set image deployment/set nginx=nginx:1.27`).toBe('deployment.apps/set image updated\n');
    expect(await get('.containers[0].image')).toBe('nginx:1.27');
    expect(await kubectl.fails`set image deployment/set other=nginx:1.27`).toBe(
      'error: unable to find container named "other"\n',
    );
    expect(await kubectl.ok`set env deployment/set COLOR=blue SIZE=1`).toBe('deployment.apps/set env updated\n');
    expect(await kubectl.ok`set env deployment/set SIZE-`).toBe('deployment.apps/set env updated\n');
    expect(await kubectl.ok`set env deployment/set --list`).toBe('# Deployment set, container nginx\nCOLOR=blue\n');
    expect(await kubectl.ok`set resources deployment/set --requests=cpu=100m --limits=memory=64Mi`).toBe(
      'deployment.apps/set resource requirements updated\n',
    );
    expect(JSON.parse(await get('.containers[0].resources'))).toEqual({
      requests: { cpu: '100m' },
      limits: { memory: '64Mi' },
    });
    expect(await kubectl.ok`set serviceaccount deployment/set runner`).toBe('deployment.apps/set serviceaccount updated\n');
    expect(await get('.serviceAccountName')).toBe('runner');
    await kubectl.ok`delete deployment set`;
  });
}
