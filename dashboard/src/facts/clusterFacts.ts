/** Nodes, namespaces, and kinds of which nothing special is known. */
import type * as api from '#common/schema/generated/types.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { filled, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { conditionOf, detailOf, reasonText, type RowFacts } from './rowFacts.ts';

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export interface NodeSources {
  /** Those on it that have not ended, where that is known. */
  readonly pods?: number;
  /** Its computer is off, which Kubernetes notices only after a while. */
  readonly isOff?: boolean;
}

export function nodeFacts(node: api.Node, texts: TreeTexts, { pods, isOff = false }: NodeSources = {}): RowFacts {
  const { nodeInfo, allocatable, conditions } = node.status ?? {};
  const room = pods === undefined ? undefined : filled(texts.podsOnNode, pods, allocatable?.['pods'] ?? '?');
  const facts = detailOf(room, nodeInfo?.kubeletVersion);
  const ready = conditionOf(conditions, 'Ready');
  const notReady = (reason: string | undefined): string =>
    [reasonText('NotReady', reason), isOff ? texts.switchedOff : undefined].filter((part) => part).join(' · ');
  if (ready?.status === 'Unknown') return { ...facts, state: 'unknown', why: notReady(ready.reason) };
  if (ready?.status !== 'True') return { ...facts, state: 'failed', why: notReady(ready?.message ?? ready?.reason) };
  const short = pressures.filter((type) => conditionOf(conditions, type)?.status === 'True');
  const why = [...(isOff ? [texts.switchedOff] : []), ...short, ...(node.spec?.unschedulable ? [texts.cordoned] : [])].join(', ');
  return why ? { ...facts, state: 'warning', why: [why, room].filter((part) => part).join(' · ') } : { ...facts, state: 'ok' };
}

export const namespaceFacts = (namespace: api.Namespace): RowFacts =>
  namespace.status?.phase === 'Terminating' ? { state: 'progressing', detail: 'Terminating' } : { state: 'none' };

/** What most controllers of others keep to: conditions that say how it is, and a phase in one word. */
export function genericFacts(object: KubeObject): RowFacts {
  const { status } = object as { status?: { conditions?: unknown; phase?: unknown } };
  const phase = typeof status?.phase === 'string' ? status.phase : undefined;
  const conditions = Array.isArray(status?.conditions) ? (status.conditions as object[]) : [];
  const ready = ['Ready', 'Available', 'Established'].map((type) => conditionOf(conditions, type)).find((found) => found);
  const facts = detailOf(phase);
  if (ready?.status === 'False') return { ...facts, state: 'warning', why: reasonText(ready.reason, ready.message) };
  return { ...facts, state: ready?.status === 'True' ? 'ok' : 'none' };
}
