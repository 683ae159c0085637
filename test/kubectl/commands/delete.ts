/** Taking away: by name, file, label and all at once; at once or gently; with or without dependents. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, deployment, shellPod } from '../manifests.ts';

export function deleteCommands(kubectl: Kubectl): void {
  it('delete by file, label, field and name', async () => {
    for (const name of ['gone-1', 'gone-2', 'gone-3']) {
      await kubectl.input(configMap(name, {}, { labels: { gone: name } })).ok`apply -f -`;
    }
    expect(await kubectl.input(configMap('gone-1', {})).ok`delete -f -`).toMatch(/^configmap "gone-1" deleted.*\n$/);
    expect(await kubectl.ok`delete configmaps -l ${'gone in (gone-2, gone-4)'}`).toMatch(/^configmap "gone-2" deleted.*\n$/);
    expect(await kubectl.ok`delete configmaps --field-selector=metadata.name=gone-3`).toMatch(/^configmap "gone-3" deleted.*\n$/);
    expect(await kubectl.ok`delete configmaps -l gone`).toBe('No resources found\n');
    expect(await kubectl.fails`delete configmap gone-1`).toBe('Error from server (NotFound): configmaps "gone-1" not found\n');
    expect(await kubectl.ok`delete configmap gone-1 --ignore-not-found`).toBe('');
  });

  it('delete --force does not wait for the kubelet', async () => {
    await kubectl.input(shellPod('stubborn', "trap '' TERM; sleep 1000", { terminationGracePeriodSeconds: 600 })).ok`apply -f -`;
    await kubectl.ok`wait --for=condition=Ready pod/stubborn --timeout=30s`;
    const { stdout, stderr } = await kubectl.run`delete pod stubborn --force`;
    expect(stdout).toMatch(/^pod "stubborn" force deleted.*\n$/);
    expect(stderr).toContain(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated.',
    );
    expect(await kubectl.fails`get pod stubborn`).toBe('Error from server (NotFound): pods "stubborn" not found\n');
  });

  it('delete --now stops a pod that does not want to', async () => {
    await kubectl.input(shellPod('slow', "trap '' TERM; sleep 1000", { terminationGracePeriodSeconds: 600 })).ok`apply -f -`;
    await kubectl.ok`wait --for=condition=Ready pod/slow --timeout=30s`;
    expect(await kubectl.ok`delete pod slow --now`).toMatch(/^pod "slow" deleted.*\n$/);
    expect(
      await kubectl.ok`get events --field-selector=involvedObject.name=slow,reason=Killing -o jsonpath={.items[*].message}`,
    ).toBe('Stopping container main');
  });

  it('delete --cascade=orphan keeps the dependents, foreground waits for them', async () => {
    await kubectl.input(deployment('owner', 2)).ok`apply -f -`;
    await kubectl.ok`rollout status deployment/owner --timeout=30s`;
    expect(await kubectl.ok`delete deployment owner --cascade=orphan`).toMatch(/^deployment\.apps "owner" deleted.*\n$/);
    expect(await kubectl.ok`get replicasets -l app=owner --no-headers`).toMatch(/^owner-\w+ +2 +2 +2 +\d+s\n$/);
    expect(await kubectl.ok`get replicasets -l app=owner -o jsonpath={.items[*].metadata.ownerReferences}`).toBe('');
    // An object of the same name and selector takes the orphans over.
    await kubectl.input(deployment('owner', 2)).ok`apply -f -`;
    expect(
      await kubectl.ok`wait --for=jsonpath=${'{.metadata.ownerReferences[0].name}=owner'} replicaset -l app=owner --timeout=30s`,
    ).toMatch(/^replicaset\.apps\/owner-\w+ condition met\n$/);
    expect(await kubectl.ok`delete deployment owner --cascade=foreground`).toMatch(/^deployment\.apps "owner" deleted.*\n$/);
    expect(await kubectl.ok`get replicasets,pods -l app=owner -o name`).toBe('');
  });

  it('delete of a namespace takes everything in it along', async () => {
    const namespace = `${kubectl.id}-gone`;
    await kubectl.ok`create namespace ${namespace}`;
    const inside = kubectl.in(namespace);
    await inside.input(deployment('inside', 1)).ok`apply -f -`;
    await inside.ok`create configmap settings --from-literal=a=1`;
    expect(await kubectl.ok`delete namespace ${namespace}`).toBe(`namespace "${namespace}" deleted\n`);
    expect(await kubectl.fails`get namespace ${namespace}`).toBe(
      `Error from server (NotFound): namespaces "${namespace}" not found\n`,
    );
    expect((await inside.run`get all,configmaps`).stderr).toBe(`No resources found in ${namespace} namespace.\n`);
  });

  it('delete --all, and of all kinds at once', async () => {
    const namespace = `${kubectl.id}-all`;
    await kubectl.ok`create namespace ${namespace}`;
    const inside = kubectl.in(namespace);
    await inside.input(deployment('first', 1)).ok`apply -f -`;
    await inside.ok`create service clusterip second --tcp=80`;
    expect(await inside.ok`delete all --all`).toMatch(/service "second" deleted.*\n(.*\n)*deployment\.apps "first" deleted.*\n/);
    expect((await inside.run`get services,deployments,replicasets`).stderr).toBe(
      `No resources found in ${namespace} namespace.\n`,
    );
    await kubectl.ok`delete namespace ${namespace} --wait=false`;
  });

  it('delete waits for finalizers', async () => {
    await kubectl.input(configMap('held', {}, { finalizers: ['example.com/hold'] })).ok`apply -f -`;
    const deleting = kubectl.start`delete configmap held`;
    await deleting.until(/^configmap "held" deleted.*\n/);
    expect(await kubectl.ok`get configmap held -o jsonpath={.metadata.deletionTimestamp}`).toMatch(/^\d{4}-\d\d-\d\dT/);
    await kubectl.ok`patch configmap held --type=json -p ${'[{"op":"remove","path":"/metadata/finalizers"}]'}`;
    expect(await deleting.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await kubectl.fails`get configmap held`).toBe('Error from server (NotFound): configmaps "held" not found\n');
  });
}
