/** The pods of a DaemonSet: which node each is for, and how a new one is made. */
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../../controller/adoption.ts';
import { fitsNode } from '../../controller/nodeSelector.ts';
import { podFromTemplate } from '../../controller/podControl.ts';
import { isTolerated } from '../../controller/tolerations.ts';

export const revisionLabel = 'controller-revision-hash';
const templateGenerationLabel = 'pod-template-generation';
const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';

/** Daemons stay on nodes in any state: they are often what the node needs to get well. */
const daemonTolerations: readonly api.Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const networkToleration: api.Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

function tolerationsOf(spec: api.PodSpec | undefined): api.Toleration[] {
  const own = spec?.tolerations ?? [];
  const added = spec?.hostNetwork ? [...daemonTolerations, networkToleration] : daemonTolerations;
  const isNew = (one: api.Toleration): boolean => !own.some(({ key, effect }) => key === one.key && effect === one.effect);
  return [...own, ...added.filter(isNew)];
}

/** Whether the node is to get a pod, and whether one that is there may stay. */
export function placementOn(set: api.DaemonSet, node: api.Node): { readonly run: boolean; readonly stay: boolean } {
  const spec = set.spec?.template.spec;
  if ((spec?.nodeName && spec.nodeName !== node.metadata.name) || !fitsNode(spec, node)) return { run: false, stay: false };
  const tolerations = tolerationsOf(spec);
  const repelled = (node.spec?.taints ?? [])
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .filter((taint) => !isTolerated(tolerations, taint));
  return { run: repelled.length === 0, stay: !repelled.some((taint) => taint.effect === 'NoExecute') };
}

/** The node that the pod is bound to or made for. */
export function nodeOf(pod: api.Pod): string | undefined {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    const field = matchFields.find(
      ({ key, operator, values }) => key === 'metadata.name' && operator === 'In' && values?.length === 1,
    );
    if (field) return field.values?.[0];
  }
  return undefined;
}

export const isUpdated = (pod: api.Pod, hash: string): boolean => pod.metadata.labels?.[revisionLabel] === hash;

export function newPod(set: api.DaemonSet, node: string, hash: string): api.Pod {
  const pod = podFromTemplate(set.spec?.template, set, ownerReference(DaemonSet, set));
  const generation = set.metadata.annotations?.[templateGenerationAnnotation];
  const { affinity } = pod.spec ?? {};
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }];
  const nodeAffinity = {
    ...affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
  };
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...pod.metadata.labels,
        [revisionLabel]: hash,
        ...(generation === undefined ? {} : { [templateGenerationLabel]: generation }),
      },
    },
    ...(pod.spec ? { spec: { ...pod.spec, affinity: { ...affinity, nodeAffinity }, tolerations: tolerationsOf(pod.spec) } } : {}),
  };
}
