/** `rollout` and what it is about: one ReplicaSet taking over from the other, and back. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { deployment, shell } from '../manifests.ts';

/** A StatefulSet or DaemonSet whose pods take a moment to be ready, so that there is something to wait for. */
const slowWorkload = (kind: 'StatefulSet' | 'DaemonSet', name: string, spec: object, podSpec: object = {}): string => {
  const readinessProbe = { exec: { command: ['true'] }, initialDelaySeconds: 1 };
  const containers = [shell('main', 'sleep 100000', { readinessProbe })];
  const template = { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 0, containers, ...podSpec } };
  const selector = { matchLabels: { app: name } };
  return JSON.stringify({ apiVersion: 'apps/v1', kind, metadata: { name }, spec: { selector, template, ...spec } });
};

export function rolloutCommands(kubectl: Kubectl): void {
  const image = (name: string) => kubectl.ok`get deployment ${name} -o ${'jsonpath={.spec.template.spec.containers[0].image}'}`;
  const done = async (name: string) =>
    expect(await kubectl.ok`rollout status deployment/${name} --timeout=30s`).toMatch(
      new RegExp(`^(Waiting for deployment "${name}" .*\\n)*deployment "${name}" successfully rolled out\\n$`),
    );

  it('rollout: history, undo, and back to a revision', async () => {
    await kubectl.input(deployment('history', 2, 'nginx:1.25')).ok`apply -f -`;
    await kubectl.ok`annotate deployment history kubernetes.io/change-cause=first`;
    await done('history');
    await kubectl.ok`set image deployment/history nginx=nginx:1.26`;
    await kubectl.ok`annotate deployment history kubernetes.io/change-cause=second --overwrite`;
    await done('history');
    await kubectl.ok`set image deployment/history nginx=nginx:1.27`;
    await kubectl.ok`annotate deployment history kubernetes.io/change-cause=third --overwrite`;
    await done('history');
    expect(await kubectl.ok`rollout history deployment/history`).toBe(
      'deployment.apps/history \nREVISION  CHANGE-CAUSE\n1         first\n2         second\n3         third\n\n',
    );
    expect(await kubectl.ok`rollout history deployment/history --revision=2`).toMatch(
      /^deployment\.apps\/history with revision #2\nPod Template:\n {2}Labels:\tapp=history\n\tpod-template-hash=\w+\n {2}Annotations:\tkubernetes\.io\/change-cause: second\n {2}Containers:\n {3}nginx:\n {4}Image:\tnginx:1\.26\n/,
    );
    expect(await kubectl.ok`rollout undo deployment/history`).toBe('deployment.apps/history rolled back\n');
    await done('history');
    expect(await image('history')).toBe('nginx:1.26');
    expect(await kubectl.ok`rollout undo deployment/history --to-revision=1`).toBe('deployment.apps/history rolled back\n');
    await done('history');
    expect(await image('history')).toBe('nginx:1.25');
    expect(await kubectl.ok`rollout history deployment/history`).toBe(
      'deployment.apps/history \nREVISION  CHANGE-CAUSE\n3         third\n4         second\n5         first\n\n',
    );
    expect(await kubectl.ok`get replicasets -l app=history --sort-by=.spec.replicas --no-headers`).toMatch(
      /^(history-\w+ +0 +0 +0 +\d+s\n){2}history-\w+ +2 +2 +2 +\d+s\n$/,
    );
    expect(await kubectl.fails`rollout undo deployment/history --to-revision=77`).toContain(
      'error: unable to find specified revision 77 in history\n',
    );
    await kubectl.ok`delete deployment history`;
  });

  it('rollout restart, pause and resume', async () => {
    await kubectl.input(deployment('paused', 1)).ok`apply -f -`;
    await done('paused');
    const before = await kubectl.ok`get pods -l app=paused -o name`;
    expect(await kubectl.ok`rollout restart deployment/paused`).toBe('deployment.apps/paused restarted\n');
    await done('paused');
    expect(await kubectl.ok`wait --for=delete ${before.trim()} --timeout=30s`).toMatch(/^(pod\/paused-\S+ condition met\n)?$/);
    expect(
      await kubectl.ok`get deployment paused -o ${'jsonpath={.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}'}`,
    ).toMatch(/^\d{4}-\d\d-\d\dT/);

    expect(await kubectl.ok`rollout pause deployment/paused`).toBe('deployment.apps/paused paused\n');
    expect(await kubectl.fails`rollout pause deployment/paused`).toBe('error: deployments.apps "paused" is already paused\n');
    expect(await kubectl.fails`rollout restart deployment/paused`).toContain(
      "can't restart paused deployment (run rollout resume first)",
    );
    await kubectl.ok`set image deployment/paused nginx=nginx:1.27`;
    expect(await kubectl.ok`get replicasets -l app=paused -o jsonpath={.items[*].spec.template.spec.containers[0].image}`).toBe(
      'nginx:1.26 nginx:1.26',
    );
    expect(await kubectl.ok`get deployment paused -o ${'jsonpath={.status.conditions[?(@.type=="Progressing")].reason}'}`).toBe(
      'DeploymentPaused',
    );
    expect(await kubectl.ok`rollout resume deployment/paused`).toBe('deployment.apps/paused resumed\n');
    await done('paused');
    expect(
      await kubectl.ok`get replicasets -l app=paused -o ${'jsonpath={.items[?(@.spec.replicas==1)].spec.template.spec.containers[0].image}'}`,
    ).toBe('nginx:1.27');
    await kubectl.ok`delete deployment paused`;
  });

  it('rollout status tells of a rollout that does not get on', async () => {
    await kubectl.input(deployment('stuck', 1, 'nginx:no-such-tag')).ok`apply -f -`;
    const status = kubectl.start`rollout status deployment/stuck`;
    await status.until(/^Waiting for deployment "stuck" rollout to finish: 0 of 1 updated replicas are available\.\.\.\n/);
    await kubectl.ok`set image deployment/stuck nginx=nginx:1.27`;
    expect((await status.ended).stdout).toMatch(/\ndeployment "stuck" successfully rolled out\n$/);
    await kubectl.ok`delete deployment stuck`;
  });

  it('rollout status and undo of a StatefulSet, with a partition', async () => {
    const manifest = slowWorkload('StatefulSet', 'ordered', { serviceName: 'ordered', replicas: 2 });
    await kubectl.input(manifest).ok`apply -f -`;
    expect(await kubectl.ok`rollout status statefulset/ordered --timeout=30s`).toMatch(
      /^Waiting for 2 pods to be ready\.\.\.\n(Waiting for [12] pods to be ready\.\.\.\n)*(partitioned roll out complete: 2 new pods have been updated|statefulset rolling update complete 2 pods at revision ordered-\w+)\.\.\.\n$/,
    );
    await kubectl.ok`patch statefulset ordered -p ${'{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'}`;
    await kubectl.ok`set image statefulset/ordered main=busybox:1.37`;
    expect(await kubectl.ok`rollout status statefulset/ordered --timeout=30s`).toMatch(
      /\n?partitioned roll out complete: 1 new pods have been updated\.\.\.\n$/,
    );
    const images = () =>
      kubectl.ok`get pods -l app=ordered --sort-by=.metadata.name -o jsonpath={.items[*].spec.containers[0].image}`;
    expect(await images()).toBe('busybox:1.36 busybox:1.37');
    expect(await kubectl.ok`rollout history statefulset/ordered`).toBe(
      'statefulset.apps/ordered \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
    );
    expect(await kubectl.ok`rollout undo statefulset/ordered`).toBe('statefulset.apps/ordered rolled back\n');
    await kubectl.ok`rollout status statefulset/ordered --timeout=30s`;
    expect(await images()).toBe('busybox:1.36 busybox:1.36');
    await kubectl.ok`delete statefulset ordered`;
  });

  it('rollout status, restart and undo of a DaemonSet', async () => {
    const manifest = slowWorkload('DaemonSet', 'everywhere', {}, { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } });
    const done = () => kubectl.ok`rollout status daemonset/everywhere --timeout=30s`;
    await kubectl.input(manifest).ok`apply -f -`;
    expect(await done()).toMatch(
      /^(Waiting for daemon set (spec update to be observed|"everywhere" rollout to finish: 0 (out )?of 1 .*)\.\.\.\n)+daemon set "everywhere" successfully rolled out\n$/,
    );
    await kubectl.ok`set image daemonset/everywhere main=busybox:1.37`;
    expect(await done()).toMatch(
      /^(Waiting for daemon set (spec update to be observed|"everywhere" rollout to finish: .*)\.\.\.\n)+daemon set "everywhere" successfully rolled out\n$/,
    );
    expect(await kubectl.ok`rollout undo daemonset/everywhere`).toBe('daemonset.apps/everywhere rolled back\n');
    await done();
    expect(await kubectl.ok`get daemonset everywhere -o ${'jsonpath={.spec.template.spec.containers[0].image}'}`).toBe(
      'busybox:1.36',
    );
    expect(await kubectl.ok`rollout restart daemonset/everywhere`).toBe('daemonset.apps/everywhere restarted\n');
    await done();
    await kubectl.ok`delete daemonset everywhere`;
  });
}
