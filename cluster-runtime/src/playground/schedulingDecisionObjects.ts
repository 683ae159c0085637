/** The scheduler's decisions as objects of the playground's API group, with which anybody can ask why. */
import { formatTime } from '#common/api/time.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { SchedulingDecision as kind } from '#common/kinds/schedulingDecision.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ObjectSource } from '../apiserver/objectSource.ts';
import type { Explanation } from '../scheduler/explanation.ts';
import type { SchedulingDecision, SchedulingDecisions } from '../scheduler/schedulingDecisions.ts';

export const schedulingDecisionSource = (decisions: SchedulingDecisions): ObjectSource => ({
  list: (namespace) => decisions.list(namespace).map(objectOf),
  get(namespace, name) {
    const decision = decisions.get(namespace, name);
    if (!decision) return undefined;
    const objections = decisions.everyObjection(decision.uid);
    return {
      ...objectOf(decision),
      ...(objections
        ? {
            objections: objections.map(({ node, objections: own }) => ({
              node,
              objections: own.map(({ plugin, reasons }) => ({ plugin, reasons: [...reasons] })),
            })),
          }
        : {}),
    };
  },
});

function objectOf(decision: SchedulingDecision): api.SchedulingDecision {
  const { namespace, name, uid, labels, schedulerName, attempt, nodes, explanation, preemption } = decision;
  const { node, message, feasible, objections } = explanation;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      creationTimestamp: formatTime(decision.time),
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid }],
    },
    schedulerName,
    attempt,
    ...(node === undefined ? { message: message ?? '' } : { node }),
    nodes,
    feasibleNodes: feasible,
    rejections: objections.map(({ plugin, reasons, count, nodes: first }) => ({
      plugin,
      reasons: [...reasons],
      count,
      nodes: [...first],
    })),
    scores: scoresOf(explanation),
    ...(preemption ? { preemption: { node: preemption.node, victims: [...preemption.victims] } } : {}),
  };
}

const scoresOf = ({ scores, weights }: Explanation): api.SchedulingScore[] =>
  scores.map(({ node, total, byPlugin }) => ({
    node,
    total,
    plugins: Object.entries(byPlugin).map(([plugin, score]) => ({ plugin, score, weight: weights[plugin] ?? 1 })),
  }));
