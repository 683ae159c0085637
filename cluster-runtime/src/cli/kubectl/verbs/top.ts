/** `kubectl top`: what nodes and pods use, as the metrics API tells it. */
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { quantityMilli, quantityValue } from '#common/api/quantity.ts';
import { hasReason } from '#common/api/status.ts';
import type { Node } from '#common/schema/generated/types.ts';
import { bool, text } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { TabWriter, tableLayout } from '../output/tabWriter.ts';
import type { Session } from '../session.ts';
import { selectorFlags } from '../targets.ts';
import type { Verb } from './verb.ts';

type Usage = Readonly<Record<string, string>>;
interface Metrics extends KubeObject {
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage }[];
}

const apiVersion = 'metrics.k8s.io/v1beta1';
const flags = {
  ...selectorFlags,
  'no-headers': bool,
  containers: bool,
  'sort-by': text,
  sum: bool,
  'use-protocol-buffers': bool,
};
const mebi = 1024 * 1024;

async function metricsOf(session: Session, plural: string, namespace?: string): Promise<Metrics[]> {
  const api = await session.api();
  const [name] = session.args;
  try {
    if (name !== undefined) return [await api.get<Metrics>(resourcePath(apiVersion, plural, namespace, name))];
    const path = withQuery(resourcePath(apiVersion, plural, namespace), { labelSelector: session.flags.text('selector') });
    return (await api.get<{ items?: Metrics[] }>(path)).items ?? [];
  } catch (error) {
    if (hasReason(error, 'NotFound') || (error as { code?: unknown }).code !== 404) throw error;
    throw plainError('Metrics API not available');
  }
}

const cpuText = (usage: Usage): string => `${quantityMilli(usage['cpu'])}m`;
const memoryText = (usage: Usage): string => `${Math.trunc(quantityValue(usage['memory']) / mebi)}Mi`;

function sorted(session: Session, list: readonly Metrics[]): Metrics[] {
  const by = session.flags.text('sort-by');
  if (by !== undefined && by !== 'cpu' && by !== 'memory') throw plainError(`--sort-by accepts only cpu or memory`);
  const key = ({ metadata }: Metrics): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
  const amount = (metrics: Metrics): number =>
    by === 'cpu' ? quantityMilli(total(metrics)['cpu']) : by === 'memory' ? quantityValue(total(metrics)['memory']) : 0;
  return list.toSorted((a, b) => amount(b) - amount(a) || (key(a) < key(b) ? -1 : 1));
}

function total({ usage, containers = [] }: Metrics): Usage {
  if (usage) return usage;
  const sum = (read: (usage: Usage) => number): number => containers.reduce((before, each) => before + read(each.usage), 0);
  return { cpu: `${sum((each) => quantityMilli(each['cpu']))}m`, memory: String(sum((each) => quantityValue(each['memory']))) };
}

export const topNode: Verb = {
  summary: 'Display resource (CPU/memory) usage of nodes.',
  usage: '[NAME | -l label] [options]',
  flags,
  async run(session) {
    const api = await session.api();
    const list = await metricsOf(session, 'nodes');
    const { items: nodes = [] } = await api.get<{ items?: Node[] }>('/api/v1/nodes');
    const writer = new TabWriter(tableLayout);
    if (!session.flags.bool('no-headers')) writer.write('NAME\tCPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\t\n');
    for (const { metadata, usage = {} } of sorted(session, list)) {
      const room = nodes.find((node) => node.metadata.name === metadata.name)?.status?.allocatable ?? {};
      const share = (name: string): string =>
        `${Math.trunc((quantityMilli(usage[name]) / Math.max(1, quantityMilli(room[name]))) * 100)}%`;
      writer.write(`${[metadata.name ?? '', cpuText(usage), share('cpu'), memoryText(usage), share('memory')].join('\t')}\t\n`);
    }
    session.io.out(writer.flush());
  },
};

export const topPod: Verb = {
  summary: 'Display resource (CPU/memory) usage of pods.',
  usage: '[NAME | -l label] [options]',
  flags,
  async run(session) {
    const everywhere = session.flags.bool('all-namespaces');
    const withContainers = session.flags.bool('containers');
    const list = await metricsOf(session, 'pods', everywhere ? undefined : await session.namespace());
    if (list.length === 0) {
      session.io.err(everywhere ? 'No resources found\n' : `No resources found in ${await session.namespace()} namespace.\n`);
      return;
    }
    const writer = new TabWriter(tableLayout);
    const titles = [
      ...(everywhere ? ['NAMESPACE'] : []),
      ...(withContainers ? ['POD', 'NAME'] : ['NAME']),
      'CPU(cores)',
      'MEMORY(bytes)',
    ];
    if (!session.flags.bool('no-headers')) writer.write(`${titles.join('\t')}\t\n`);
    for (const metrics of sorted(session, list)) {
      const { namespace = '', name = '' } = metrics.metadata;
      const before = [...(everywhere ? [namespace] : []), name];
      const rows = withContainers
        ? (metrics.containers ?? []).map((each) => [...before, each.name, cpuText(each.usage), memoryText(each.usage)])
        : [[...before, cpuText(total(metrics)), memoryText(total(metrics))]];
      for (const row of rows) writer.write(`${row.join('\t')}\t\n`);
    }
    session.io.out(writer.flush());
  },
};
