/** What is told of a Node: what it is, how much of it is taken by which pods, and what keeps pods away. */
import { addQuantities, parseQuantity, type Quantity, quantityMilli } from '#common/api/quantity.ts';
import type { Block } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, facts, link, section, table, text, texts } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';

export const describeNode: Describe<api.Node> = (node, { texts: t, related }) => {
  const { spec, status, metadata } = node;
  const info = status?.nodeInfo;
  const pods = (related.all('Pod') as api.Pod[]).filter(
    ({ spec: pod, status: is }) => pod?.nodeName === metadata.name && is?.phase !== 'Succeeded' && is?.phase !== 'Failed',
  );
  return [
    ...section(
      'facts',
      'Node',
      facts(
        [t.roles, texts(rolesOf(node))],
        [t.unschedulable, spec?.unschedulable ? text(t.yes, 'warning') : undefined],
        [t.taints, texts(spec?.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`))],
        [t.addresses, texts(status?.addresses?.map(({ type, address }) => `${type} ${address}`))],
        [t.podCidr, texts(spec?.podCIDRs)],
        [t.providerId, text(spec?.providerID)],
        ['kubelet', text(info?.kubeletVersion)],
        [t.runtime, text(info?.containerRuntimeVersion)],
        [t.system, texts([info && `${info.operatingSystem}/${info.architecture}`, info?.osImage, info?.kernelVersion])],
        [t.attachedVolumes, texts(status?.volumesAttached?.map(({ name }) => name))],
      ),
    ),
    ...section('resources', t.resources, resourcesTable(node, pods, t)),
    ...section('pods', `${t.pods} (${pods.length})`, podsTable(pods, t)),
  ];
};

function rolesOf({ metadata }: api.Node): string[] {
  const prefix = 'node-role.kubernetes.io/';
  return Object.keys(metadata.labels ?? {}).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}

type Amounts = 'requests' | 'limits';

/** What a pod takes of a resource: the sum of its containers, or its largest step of initialization. */
export function podAmount({ spec }: api.Pod, amounts: Amounts, resource: string): Quantity | undefined {
  const of = (container: api.Container): Quantity | undefined => {
    const said = container.resources?.[amounts]?.[resource];
    return said === undefined ? undefined : parseQuantity(said);
  };
  const initial = spec?.initContainers ?? [];
  const lasting = [...(spec?.containers ?? []), ...initial.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const running = sum(lasting.map(of));
  const steps = initial.filter(({ restartPolicy }) => restartPolicy !== 'Always').map(of);
  const largest = steps.reduce((a, b) => (quantityMilli(b) > quantityMilli(a) ? b : a), running);
  const overhead = spec?.overhead?.[resource];
  return overhead === undefined ? largest : sum([largest, parseQuantity(overhead)]);
}

const sum = (quantities: readonly (Quantity | undefined)[]): Quantity | undefined =>
  quantities.reduce((a, b) => (a && b ? addQuantities(a, b) : (a ?? b)), undefined);

function resourcesTable({ status }: api.Node, pods: readonly api.Pod[], t: DetailsTexts): Block[] {
  const allocatable = status?.allocatable ?? {};
  const share = (taken: Quantity | undefined, of: string): string => {
    if (!taken) return '0';
    const whole = quantityMilli(of);
    return `${taken.text} (${whole > 0 ? Math.floor((quantityMilli(taken) / whole) * 100) : 0}%)`;
  };
  return table(
    [t.resource, t.capacity, t.allocatable, t.requests, t.limits],
    Object.entries(allocatable).map(([name, amount]) => {
      const total = (amounts: Amounts): Quantity | undefined => sum(pods.map((pod) => podAmount(pod, amounts, name)));
      const taken = name === 'pods' ? [`${pods.length}`, ''] : [share(total('requests'), amount), share(total('limits'), amount)];
      return [cell(name), cell(status?.capacity?.[name]), cell(amount), cell(taken[0]), cell(taken[1])];
    }),
  );
}

const podsTable = (pods: readonly api.Pod[], t: DetailsTexts): Block[] =>
  table(
    [t.namespace, t.pod, 'CPU', t.memory, t.since],
    pods.map((pod) => [
      link('v1', 'Namespace', '', pod.metadata.namespace),
      link('v1', 'Pod', pod.metadata.namespace, pod.metadata.name),
      text(podAmount(pod, 'requests', 'cpu')?.text),
      text(podAmount(pod, 'requests', 'memory')?.text),
      pod.status?.startTime ? { type: 'time', at: pod.status.startTime } : undefined,
    ]),
  );
