/** One scheduling decision: which nodes can take the pod, which of them is best, and if none can, why. Pure. */
import type { Random } from '#common/base/random.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { Plugin, Rejection } from './plugin.ts';

export type Decision = { readonly type: 'node'; readonly node: NodeInfo } | { readonly type: 'none'; readonly message: string };

/** `nodes` are those that exist. Ties are broken by chance, so that equal nodes fill evenly. */
export function decide(pod: Pod, nodes: readonly NodeInfo[], plugins: readonly Plugin[], random: Random): Decision {
  if (nodes.length === 0) return { type: 'none', message: 'no nodes available to schedule pods' };
  const feasible: NodeInfo[] = [];
  const rejections: Rejection[] = [];
  for (const node of nodes) {
    const rejection = firstRejection(pod, node, plugins);
    if (rejection) rejections.push(rejection);
    else feasible.push(node);
  }
  const [only] = feasible;
  if (!only) return { type: 'none', message: failureMessage(nodes.length, rejections) };
  return { type: 'node', node: feasible.length === 1 ? only : best(pod, feasible, plugins, random) };
}

function firstRejection(pod: Pod, node: NodeInfo, plugins: readonly Plugin[]): Rejection | undefined {
  for (const plugin of plugins) {
    const rejection = plugin.filter?.(pod, node);
    if (rejection) return rejection;
  }
  return undefined;
}

function best(pod: Pod, nodes: readonly NodeInfo[], plugins: readonly Plugin[], random: Random): NodeInfo {
  const totals = new Array<number>(nodes.length).fill(0);
  for (const plugin of plugins) {
    if (!plugin.score || plugin.scores?.(pod) === false) continue;
    const scores = nodes.map((node) => plugin.score?.(pod, node) ?? 0);
    const highest = Math.max(...scores);
    scores.forEach((score, i) => {
      totals[i] = (totals[i] ?? 0) + (plugin.weight ?? 1) * normalised(score, highest, plugin.normalise);
    });
  }
  const top = Math.max(...totals);
  const candidates = nodes.filter((_, i) => totals[i] === top);
  return candidates[random.int(candidates.length)] ?? (nodes[0] as NodeInfo);
}

function normalised(score: number, highest: number, how: Plugin['normalise']): number {
  if (how === 'highest') return highest === 0 ? 0 : Math.floor((score * 100) / highest);
  if (how === 'lowest') return highest === 0 ? 100 : 100 - Math.floor((score * 100) / highest);
  return score;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) …. preemption: …`, as the event and the pod's condition say it. */
export function failureMessage(total: number, rejections: readonly Rejection[]): string {
  const reasons = counted(rejections.flatMap((r) => r.reasons));
  const preemption = counted(
    rejections.map((r) =>
      r.unresolvable ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod',
    ),
  );
  const available = `0/${total} nodes are available`;
  return `${available}: ${reasons}. no new claims to deallocate, preemption: ${available}: ${preemption}.`;
}

function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(', ');
}
