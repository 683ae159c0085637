/** Hover on a selector: what it matches in the workspace and, live, in the cluster; when nothing, what comes nearest and why. */
import { requirementText } from '#common/api/labelSelector.ts';
import { pairFor, type ManifestNode, type TextRange } from '#common/manifests/nodes.ts';
import { documentAt, type SourceFile } from '#common/manifests/sourceFile.ts';
import { liveMatches } from '../../facts/liveMatches.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { SelectorLink } from '../../workspace/links.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import { nearestOwners, type NearMiss } from '../../workspace/nearMiss.ts';
import type { AtOffset, Hover } from '../feature.ts';
import { podTable } from './livePods.ts';

export const provideSelectorHover: AtOffset<Hover> = (snapshot, file, offset) => {
  const link = selectorAt(snapshot, file, offset);
  if (!link || link.problem !== undefined) return undefined;
  const { graph, facts, now } = snapshot;
  const matched = graph.matched(link);
  const titles = [...new Set(matched.map(({ object }) => `\`${objectTitle(object)}\``))];
  const lines = [`**Selects ${link.to.kind}s** with ${link.selector.isEmpty ? 'any labels' : `\`${link.selector.text}\``}`];
  lines.push(titles.length > 0 ? `In the workspace: ${titles.join(', ')}` : 'In the workspace: nothing');
  const live = facts.knows(link.to) ? liveMatches(facts, link) : undefined;
  if (live && link.to.kind === 'Pod') lines.push(live.length > 0 ? podTable(live, now) : 'In the cluster: no pods');
  else if (live) lines.push(`In the cluster: ${live.map(({ metadata }) => `\`${metadata.name}\``).join(', ') || 'nothing'}`);
  if (titles.length === 0 && (live?.length ?? 0) === 0) {
    const [miss] = nearestOwners(graph, link, 1);
    if (miss) lines.push(missText(miss));
  }
  return { range: rangeOf(link), markdown: lines.join('\n\n') };
};

/** The selector around the cursor, or the one whose field's name it is on. */
export function selectorAt({ graph }: Pick<Snapshot, 'graph'>, file: SourceFile, offset: number): SelectorLink | undefined {
  const inside = graph.linkAt(file, offset);
  if (inside?.type === 'selector') return inside;
  const document = documentAt(file, offset);
  const object = document && graph.objectOf(document);
  for (const link of object?.links ?? []) {
    if (link.type !== 'selector') continue;
    const { start, end } = keyOf(link) ?? link.range;
    if (start <= offset && offset <= end) return link;
  }
  return undefined;
}

function keyOf({ from, path }: SelectorLink): TextRange | undefined {
  const at = path.lastIndexOf('.');
  const parent: ManifestNode | undefined = from.document.nodeFor(path.slice(0, at));
  return pairFor(parent, path.slice(at + 1))?.key;
}

const rangeOf = (link: SelectorLink): TextRange => {
  const { start, end } = link.range;
  return { start: keyOf(link)?.start ?? start, end };
};

export function missText({ owner, differences, otherNamespace }: NearMiss): string {
  const title = `\`${objectTitle(owner.object)}\``;
  const parts = differences.map(({ requirement, actual, similarKey }) => {
    const asked = `\`${requirementText(requirement)}\``;
    if (actual !== undefined) return `${asked} is asked for, it has \`${requirement.key}=${actual}\``;
    return similarKey === undefined
      ? `${asked} is asked for, it has no \`${requirement.key}\``
      : `${asked} is asked for, it has \`${similarKey}=${owner.labels[similarKey] ?? ''}\``;
  });
  if (otherNamespace !== undefined) parts.push(`it is in namespace \`${otherNamespace}\``);
  return `Nearest: ${title}: ${parts.join('; ')}`;
}
