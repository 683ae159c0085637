/** Sending whole objects: apply of both kinds, create -f, replace, diff, and folders with a kustomization. */
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, deployment, shellPod } from '../manifests.ts';

export function applyCommands(kubectl: Kubectl): void {
  it('apply says what it did, and keeps what others have set', async () => {
    const apply = (data: Record<string, string>) => kubectl.input(configMap('applied', data)).ok`apply -f -`;
    expect(await apply({ color: 'blue', size: '1' })).toBe('configmap/applied created\n');
    await kubectl.ok`patch configmap applied --type=merge -p ${'{"data":{"others":"kept"}}'}`;
    expect(await apply({ color: 'blue', size: '1' })).toBe('configmap/applied unchanged\n');
    expect(await apply({ color: 'green' })).toBe('configmap/applied configured\n');
    expect(JSON.parse(await kubectl.ok`get configmap applied -o jsonpath={.data}`)).toEqual({ color: 'green', others: 'kept' });
    expect(await kubectl.ok`apply view-last-applied configmap/applied -o json`).toMatch(/"data": \{\n +"color": "green"\n +\}/);
  });

  it('apply --dry-run changes nothing', async () => {
    const manifest = configMap('dry', { color: 'blue' });
    expect(await kubectl.input(manifest).ok`apply --dry-run=client -f -`).toBe('configmap/dry created (dry run)\n');
    expect(await kubectl.input(manifest).ok`apply --dry-run=server -f -`).toBe('configmap/dry created (server dry run)\n');
    expect(await kubectl.fails`get configmap dry`).toBe('Error from server (NotFound): configmaps "dry" not found\n');
  });

  it('apply refuses a field that does not exist', async () => {
    const manifest = deployment('unknown-field', 1).replace('replicas:', 'replica:');
    const refused = await kubectl.input(manifest).fails`apply -f -`;
    expect(refused).toMatch(/unknown field "spec\.replica"/);
    expect(await kubectl.input(manifest).ok`apply --validate=ignore -f -`).toBe('deployment.apps/unknown-field created\n');
    await kubectl.ok`delete deployment unknown-field`;
  });

  it('apply --server-side finds conflicts, and takes over when told to', async () => {
    const apply = (color: string) => kubectl.input(configMap('shared', { color }));
    expect(await apply('blue').ok`apply --server-side --field-manager=first -f -`).toBe('configmap/shared serverside-applied\n');
    expect(await apply('blue').ok`apply --server-side --field-manager=second -f -`).toBe('configmap/shared serverside-applied\n');
    const refused = await apply('red').fails`apply --server-side --field-manager=second -f -`;
    expect(refused).toContain('Apply failed with 1 conflict: conflict with "first": .data.color\n');
    expect(refused).toContain('Please review the fields above--they currently have other managers.');
    expect(await apply('red').ok`apply --server-side --field-manager=second --force-conflicts -f -`).toBe(
      'configmap/shared serverside-applied\n',
    );
    expect(
      await kubectl.ok`get configmap shared --show-managed-fields -o ${'jsonpath={.data.color}{range .metadata.managedFields[*]} {.manager}={.operation}{end}'}`,
    ).toBe('red second=Apply');
  });

  it('diff shows what apply would change', async () => {
    await kubectl.input(configMap('differing', { color: 'blue' })).ok`apply -f -`;
    expect(await kubectl.input(configMap('differing', { color: 'blue' })).run`diff -f -`).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const { code, stdout } = await kubectl.input(configMap('differing', { color: 'green' })).run`diff -f -`;
    expect(code).toBe(1);
    expect(stdout).toMatch(/\n-  color: blue\n\+  color: green\n/);
  });

  it('create -f refuses what exists; replace needs that it does', async () => {
    const file = (text: string) => kubectl.input(text);
    expect(await file(configMap('replaced', { a: '1' })).fails`replace -f -`).toBe(
      'Error from server (NotFound): error when replacing "STDIN": configmaps "replaced" not found\n',
    );
    expect(await file(configMap('replaced', { a: '1' })).ok`create -f -`).toBe('configmap/replaced created\n');
    expect(await file(configMap('replaced', { a: '1' })).fails`create -f -`).toBe(
      'Error from server (AlreadyExists): error when creating "STDIN": configmaps "replaced" already exists\n',
    );
    expect(await file(configMap('replaced', { b: '2' })).ok`replace -f -`).toBe('configmap/replaced replaced\n');
    expect(await kubectl.ok`get configmap replaced -o jsonpath={.data}`).toBe('{"b":"2"}');
  });

  it('replace --force deletes and creates again', async () => {
    await kubectl.input(shellPod('forced', 'exec sleep 1000')).ok`create -f -`;
    const before = await kubectl.ok`get pod forced -o jsonpath={.metadata.uid}`;
    const changed = kubectl.input(shellPod('forced', 'exec sleep 2000'));
    expect(await changed.fails`replace -f -`).toMatch(
      /^The Pod "forced" is invalid: spec: Forbidden: pod updates may not change fields other than/,
    );
    expect(await changed.ok`replace --force -f -`).toMatch(/^pod "forced" deleted.*\npod\/forced replaced\n$/);
    expect(await kubectl.ok`get pod forced -o jsonpath={.metadata.uid}`).not.toBe(before);
    await kubectl.ok`delete pod forced --now`;
  });

  it('apply -k builds and applies a kustomization', async () => {
    const folder = kubectl.folder('kustomization', {
      'kustomization.yaml': `
namePrefix: staging-
labels: [{pairs: {stage: staging}}]
images: [{name: nginx, newTag: "1.27"}]
replicas: [{name: shop, count: 1}]
configMapGenerator: [{name: settings, literals: [color=blue], options: {disableNameSuffixHash: true}}]
resources: [shop.yaml]
`,
      'shop.yaml': deployment('shop', 3),
    });
    expect(await kubectl.ok`apply -k ${folder}`).toBe(
      'configmap/staging-settings created\ndeployment.apps/staging-shop created\n',
    );
    expect(await kubectl.ok`get configmap,deployment -l stage=staging -o name`).toBe(
      'configmap/staging-settings\ndeployment.apps/staging-shop\n',
    );
    expect(
      await kubectl.ok`get deployment staging-shop -o jsonpath=${'{.spec.replicas} {.spec.template.spec.containers[0].image}'}`,
    ).toBe('1 nginx:1.27');
    expect(await kubectl.ok`diff -k ${folder}`).toBe('');
    expect(await kubectl.ok`delete -k ${folder}`).toMatch(
      /^configmap "staging-settings" deleted.*\ndeployment\.apps "staging-shop" deleted.*\n$/,
    );
  });

  it('apply -f takes folders, and prunes what is gone from them', async () => {
    const folder = kubectl.folder('pruned', {
      'a.yaml': configMap('pruned-a', { a: '1' }, { labels: { set: 'pruned' } }),
      'b.yaml': configMap('pruned-b', { b: '1' }, { labels: { set: 'pruned' } }),
    });
    expect(await kubectl.ok`apply -f ${folder}`).toBe('configmap/pruned-a created\nconfigmap/pruned-b created\n');
    expect(
      await kubectl.ok`apply -f ${path.join(folder, 'a.yaml')} --prune -l set=pruned --prune-allowlist=core/v1/ConfigMap`,
    ).toBe('configmap/pruned-a unchanged\nconfigmap/pruned-b pruned\n');
    expect(await kubectl.ok`get configmaps -l set=pruned -o name`).toBe('configmap/pruned-a\n');
  });
}
