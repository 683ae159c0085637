/** What the cluster's pods of a manifest suffer from, told where the manifest says it. */
import type { UntypedObject } from '#common/api/meta.ts';
import { childOf, textOf, type TextRange } from '#common/manifests/nodes.ts';
import type { ContainerStatus, Pod } from '#common/schema/generated/types.ts';
import type { LiveFacts } from '../facts/liveFacts.ts';
import type { L10n } from '../l10n.ts';
import { podSpecOf } from '../workspace/linkTargets.ts';
import type { ManifestObject } from '../workspace/manifestObject.ts';
import { defineRule, type Finding } from './rule.ts';

/** Reasons of waiting that are no part of an orderly start. */
const orderly = new Set(['ContainerCreating', 'PodInitializing']);
const ofImage = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

export const failingPods = defineRule({
  id: 'failing-pods',
  title: 'Pods of the manifest fail in the cluster',
  severity: 'warning',
  needs: 'facts',
  docs: `A pod that this manifest made cannot be placed on a node, or one of its containers cannot start or keeps ending. The message is
the one of the scheduler or the kubelet. It goes away by itself once the pods are well.`,
  kinds: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'],
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: crash
spec:
  containers:
    - name: app
#           ^^^ warning: Pod crash: CrashLoopBackOff, ended with exit code 1, 4 restarts
      image: busybox
#- live
apiVersion: v1
kind: Pod
metadata:
  name: crash
  namespace: default
spec:
  containers:
    - name: app
      image: busybox
status:
  phase: Running
  containerStatuses:
    - name: app
      restartCount: 4
      state:
        waiting:
          reason: CrashLoopBackOff
      lastState:
        terminated:
          exitCode: 1
          reason: Error
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: fine
spec:
  containers:
    - name: app
      image: busybox
#- live
apiVersion: v1
kind: Pod
metadata:
  name: fine
  namespace: default
spec:
  containers:
    - name: app
      image: busybox
status:
  phase: Running
  containerStatuses:
    - name: app
      restartCount: 0
      state:
        running: {}
`,
  },
  *check({ snapshot: { facts, l10n }, object }) {
    if (!object) return;
    const told = new Set<string>();
    for (const pod of podsOf(facts, object)) {
      for (const finding of problemsOf(object, pod, l10n)) {
        // Pods of one workload mostly fail alike: the first stands for all.
        const key = `${finding.range.start}`;
        if (told.has(key)) continue;
        told.add(key);
        yield finding;
      }
    }
  },
});

/** The live pods that the manifest's object made: itself, or those that its selector matches. */
function podsOf(facts: LiveFacts, object: ManifestObject): Pod[] {
  const { gvk, namespace, name, links } = object;
  if (gvk.kind === 'Pod' && gvk.group === '') {
    const pod = facts.get(gvk, namespace, name);
    return pod ? [pod as unknown as Pod] : [];
  }
  const live = facts.get(gvk, namespace, name);
  if (!live) return [];
  const selector = links.find((link) => link.type === 'selector' && link.path === 'spec.selector');
  const pods: readonly UntypedObject[] =
    selector?.type === 'selector'
      ? facts.podsMatching(namespace, selector.selector)
      : facts
          .list({ group: '', kind: 'Pod' }, namespace)
          .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === live.metadata.uid));
  return pods as unknown as Pod[];
}

function* problemsOf(object: ManifestObject, pod: Pod, l10n: L10n): Generator<Finding> {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp) return;
  const pending = status?.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  );
  if (pending)
    yield {
      range: object.rangeFor('metadata.name'),
      message: l10n.t('Pod {0} is on no node: {1}', metadata.name ?? '', pending.message ?? 'Unschedulable'),
    };
  for (const each of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = each.state?.waiting?.reason;
    if (!reason || orderly.has(reason)) continue;
    yield {
      range: placeOf(object, each.name, ofImage.has(reason) ? 'image' : 'name'),
      message: l10n.t('Pod {0}: {1}', metadata.name ?? '', stateText(each, reason, l10n)),
    };
  }
}

function stateText({ state, lastState, restartCount }: ContainerStatus, reason: string, { t, clauses }: L10n): string {
  const ended = lastState?.terminated;
  if (reason !== 'CrashLoopBackOff' || !ended) return clauses(reason, state?.waiting?.message);
  const restarts = restartCount === 1 ? t('1 restart') : t('{0} restarts', restartCount);
  const how =
    ended.reason === 'OOMKilled' ? t('killed, for it was out of memory') : t('ended with exit code {0}', ended.exitCode);
  return clauses(reason, how, restartCount > 0 && restarts);
}

/** A field of the container of that name in the manifest; the object's name where it has none. */
function placeOf(object: ManifestObject, container: string, field: 'name' | 'image'): TextRange {
  const path = podSpecOf(object);
  const spec = path === undefined ? undefined : object.document.nodeFor(path);
  for (const list of ['containers', 'initContainers']) {
    const node = childOf(spec, list);
    const item = (node?.kind === 'sequence' ? node.items : []).find((each) => textOf(childOf(each, 'name')) === container);
    const place = childOf(item, field) ?? childOf(item, 'name');
    if (place) return place;
  }
  return object.rangeFor('metadata.name');
}
