/** What is told of a Pod: where it runs, each of its containers, its volumes, and why it is where it is. */
import type { Section } from '#common/protocol/details.ts';
import type * as api from '#common/schema/generated/types.ts';
import { facts, labels, link, list, section, text, texts, time } from '../blocks.ts';
import type { Describe, DescribeContext } from '../describeContext.ts';
import { schedulingSection } from '../scheduling.ts';
import { containerCard } from './containers.ts';
import { volumesBlock } from './volumes.ts';

export const describePod: Describe<api.Pod> = (pod, ctx) => {
  const { texts: t, decision } = ctx;
  const { spec, status } = pod;
  const namespace = pod.metadata.namespace ?? '';
  return [
    ...section(
      'facts',
      'Pod',
      facts(
        [t.node, link('v1', 'Node', '', spec?.nodeName)],
        [t.nominatedNode, link('v1', 'Node', '', status?.nominatedNodeName)],
        [t.phase, text([status?.phase, status?.reason].filter((part) => part).join(', '))],
        [t.message, text(status?.message)],
        [t.podIp, texts(status?.podIPs?.map(({ ip }) => ip) ?? (status?.podIP ? [status.podIP] : []))],
        [t.startTime, time(status?.startTime)],
        [t.serviceAccount, link('v1', 'ServiceAccount', namespace, spec?.serviceAccountName)],
        [
          t.priority,
          spec?.priority ? text([spec.priority, spec.priorityClassName].filter((part) => part).join(' · ')) : undefined,
        ],
        [t.qosClass, text(status?.qosClass)],
        [t.restartPolicy, text(spec?.restartPolicy)],
        [t.nodeSelector, labels(spec?.nodeSelector)],
        [t.tolerations, texts(spec?.tolerations?.map(tolerationText))],
        [t.schedulingGates, texts(spec?.schedulingGates?.map(({ name }) => name))],
        [t.hostNetwork, spec?.hostNetwork ? text(t.yes) : undefined],
        [t.deadline, spec?.activeDeadlineSeconds ? text(`${spec.activeDeadlineSeconds}s`) : undefined],
      ),
    ),
    // What is most telling comes first: why it waits, or else how its containers are.
    ...(spec?.nodeName ? [] : schedulingSection(pod, decision, t)),
    ...containerSections(pod, ctx),
    ...(spec?.nodeName ? schedulingSection(pod, decision, t) : []),
    ...section('volumes', t.volumes, volumesBlock(spec?.volumes, namespace, t)),
  ];
};

function containerSections({ spec, status, metadata }: api.Pod, { texts: t, stateTexts }: DescribeContext): Section[] {
  const namespace = metadata.namespace ?? '';
  const cards = (
    kind: 'init' | 'main' | 'ephemeral',
    containers: readonly api.Container[] | undefined,
    statuses: readonly api.ContainerStatus[] | undefined,
  ) =>
    (containers ?? []).map((container) =>
      containerCard(
        container,
        statuses?.find(({ name }) => name === container.name),
        { kind, namespace, texts: t, stateTexts },
      ),
    );
  return section(
    'containers',
    t.containers,
    cards('init', spec?.initContainers, status?.initContainerStatuses),
    cards('main', spec?.containers, status?.containerStatuses),
    cards('ephemeral', spec?.ephemeralContainers, status?.ephemeralContainerStatuses),
  );
}

/** What a workload makes its pods from. */
export function templateSections(
  template: api.PodTemplateSpec | undefined,
  namespace: string,
  { texts: t, stateTexts }: DescribeContext,
): Section[] {
  const spec = template?.spec;
  return section(
    'template',
    t.podTemplate,
    facts(
      [t.labels, labels(template?.metadata?.labels)],
      [t.annotations, labels(template?.metadata?.annotations)],
      [t.serviceAccount, link('v1', 'ServiceAccount', namespace, spec?.serviceAccountName)],
      [t.nodeSelector, labels(spec?.nodeSelector)],
      [t.tolerations, texts(spec?.tolerations?.map(tolerationText))],
      [t.priorityClass, link('scheduling.k8s.io/v1', 'PriorityClass', '', spec?.priorityClassName)],
      [t.imagePullSecrets, list((spec?.imagePullSecrets ?? []).map(({ name }) => link('v1', 'Secret', namespace, name)))],
    ),
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((each) =>
      containerCard(each, undefined, { kind: 'template', namespace, texts: t, stateTexts }),
    ),
    volumesBlock(spec?.volumes, namespace, t),
  );
}

/** `key=value:effect op=Exists for 300s` */
export function tolerationText({ key = '', operator, value, effect, tolerationSeconds }: api.Toleration): string {
  const what = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
  const how = operator === 'Exists' ? ' op=Exists' : '';
  return `${what}${how}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`.trim();
}
