/** Why a pod is on its node, or on none: from the scheduler's own decision, else from what the pod's condition says. */
import type { Block, Section } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, facts, link, list, section, table, text, texts } from './blocks.ts';

const mostNodes = 20;

export function schedulingSection(pod: api.Pod, decision: api.SchedulingDecision | undefined, t: DetailsTexts): Section[] {
  const waits = !pod.spec?.nodeName;
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const reason = waits && condition?.status === 'False' ? condition.message : undefined;
  const note: Block[] = reason ? [{ type: 'note', tone: 'warning', text: reason }] : [];
  // A pod whose decision is of an earlier pod of that name would be told of wrongly.
  const known = decision && (waits ? decision.node === undefined : decision.node === pod.spec?.nodeName) ? decision : undefined;
  return section('scheduling', waits ? t.whyPending : t.whyThisNode, note, known ? decisionBlocks(known, reason, t) : []);
}

function decisionBlocks(decision: api.SchedulingDecision, told: string | undefined, t: DetailsTexts): Block[] {
  const {
    node,
    nodes = 0,
    feasibleNodes = 0,
    attempt,
    schedulerName,
    message,
    preemption,
    rejections,
    objections,
    scores,
  } = decision;
  return [
    ...facts(
      [t.node, link('v1', 'Node', '', node)],
      [t.feasibleNodes, text(`${feasibleNodes} / ${nodes}`)],
      [t.attempts, text(attempt)],
      [t.scheduler, text(schedulerName)],
      [t.message, message === told ? undefined : text(message)],
      [t.preemption, preemption && list([link('v1', 'Node', '', preemption.node), texts(preemption.victims)])],
    ),
    ...table(
      [t.keptOffBy, t.nodes, t.reason, t.examples],
      (rejections ?? []).map(({ plugin, count, reasons, nodes: examples }) => [
        text(plugin),
        text(count),
        texts(reasons),
        list((examples ?? []).slice(0, 3).map((name) => link('v1', 'Node', '', name))),
      ]),
    ),
    ...table(
      [t.node, t.objections],
      (objections ?? [])
        .slice(0, mostNodes)
        .map(({ node: name, objections: all }) => [
          link('v1', 'Node', '', name),
          list((all ?? []).map(({ plugin, reasons }) => text(`${plugin ?? ''}: ${(reasons ?? []).join(', ')}`))),
        ]),
    ),
    ...scoreTable(scores ?? [], node, t),
  ];
}

/** One row per node, one column per plugin that made a difference to any. */
function scoreTable(scores: readonly api.SchedulingScore[], chosen: string | undefined, t: DetailsTexts): Block[] {
  const plugins = [...new Set(scores.flatMap(({ plugins: all }) => (all ?? []).map(({ plugin = '' }) => plugin)))].filter(
    (name) => scores.some((each) => weighted(each, name) !== 0),
  );
  return table(
    [t.node, t.score, ...plugins],
    scores
      .slice(0, mostNodes)
      .map((each) => [
        list([link('v1', 'Node', '', each.node), each.node === chosen ? text(t.chosen, 'good') : undefined]),
        cell(each.total),
        ...plugins.map((name) => cell(weighted(each, name))),
      ]),
  );
}

function weighted({ plugins }: api.SchedulingScore, name: string): number {
  const { score = 0, weight = 1 } = plugins?.find(({ plugin }) => plugin === name) ?? {};
  return score * weight;
}
