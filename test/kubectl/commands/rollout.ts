/** `rollout` and what it is about: one ReplicaSet taking over from the other, and back. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { deployment } from '../manifests.ts';

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
}
