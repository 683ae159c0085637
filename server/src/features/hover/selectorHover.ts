/** Hover on a selector: what it matches in the workspace and, live, in the cluster; when nothing, what comes nearest and why. */
import { requirementText } from '#common/api/labelSelector.ts';
import { pairFor, type ManifestNode, type TextRange } from '#common/manifests/nodes.ts';
import { documentAt, type SourceFile } from '#common/manifests/sourceFile.ts';
import { liveMatches } from '../../facts/liveMatches.ts';
import type { L10n } from '../../l10n.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { SelectorLink } from '../../workspace/links.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import { nearestOwners, type NearMiss } from '../../workspace/nearMiss.ts';
import type { AtOffset, Hover } from '../feature.ts';
import { podTable } from './livePods.ts';

export const provideSelectorHover: AtOffset<Hover> = (snapshot, file, offset) => {
  const link = selectorAt(snapshot, file, offset);
  if (!link || link.problem !== undefined) return undefined;
  const { graph, facts, l10n } = snapshot;
  const matched = graph.matched(link);
  const titles = [...new Set(matched.map(({ object }) => `\`${objectTitle(object)}\``))];
  const lines = [
    link.selector.isEmpty
      ? l10n.t('**Selects {0}s** with any labels', link.to.kind)
      : l10n.t('**Selects {0}s** with {1}', link.to.kind, `\`${link.selector.text}\``),
  ];
  lines.push(l10n.t('In the workspace: {0}', titles.length > 0 ? l10n.list(titles) : l10n.t('nothing')));
  const live = facts.knows(link.to) ? liveMatches(facts, link) : undefined;
  if (live && link.to.kind === 'Pod')
    lines.push(live.length > 0 ? podTable(live, snapshot) : l10n.t('In the cluster: {0}', l10n.t('no pods')));
  else if (live) {
    const names = l10n.list(live.map(({ metadata }) => `\`${metadata.name}\``));
    lines.push(l10n.t('In the cluster: {0}', names || l10n.t('nothing')));
  }
  if (titles.length === 0 && (live?.length ?? 0) === 0) {
    const [miss] = nearestOwners(graph, link, 1);
    if (miss) lines.push(missText(miss, l10n));
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

function missText(miss: NearMiss, l10n: L10n): string {
  const parts = missParts(miss, l10n, (code) => `\`${code}\``);
  return l10n.t('Nearest: {0}: {1}', `\`${objectTitle(miss.owner.object)}\``, parts.join(l10n.t('; ')));
}

/** How that which comes nearest differs from what is asked for. */
export function missParts(
  { owner, differences, otherNamespace }: NearMiss,
  l10n: L10n,
  code: (text: string) => string = (text) => text,
): string[] {
  const parts = differences.map(({ requirement, actual, similarKey }) => {
    const asked = code(requirementText(requirement));
    const key = actual === undefined ? similarKey : requirement.key;
    if (key === undefined) return l10n.t('{0} is asked for, it has no {1}', asked, code(requirement.key));
    return l10n.t('{0} is asked for, it has {1}', asked, code(`${key}=${owner.labels[key] ?? ''}`));
  });
  if (otherNamespace !== undefined) parts.push(l10n.t('it is in namespace {0}', code(otherNamespace)));
  return parts;
}
