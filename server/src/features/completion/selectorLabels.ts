/**
 * Labels in selectors: those that pods (or whatever is selected) have, in the workspace and in the cluster. What leaves
 * something to match together with what is written already comes first; a workload's own template before everything.
 */
import { selectorFromMap } from '#common/api/labelSelector.ts';
import type { Reference } from '#common/kinds/defineKind.ts';
import { childOf, keyText, type ManifestNode, textOf } from '#common/manifests/nodes.ts';
import type { Snapshot } from '../../snapshot.ts';
import { labelsOf, podTemplatePath } from '../../workspace/labelOwners.ts';
import { countLabels } from '../../workspace/labelCounts.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { labelKeyItems, labelKeyValues, type LabelSource, labelValueItems, liveLabels } from './labelUse.ts';
import { type CompletionPlace, nodeAtPath, ownNamespace, placeAt } from './place.ts';
import { besideCursor, referencesAt } from './referencesAt.ts';

type SelectorReference = Extract<Reference, { type: 'selector' }>;
const mostMatches = 300;

export const provideSelectorLabelCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  const found = place && selectorAround(place);
  if (!place || !found) return undefined;
  const { reference, depth } = found;
  const rest = place.path.slice(depth);
  const inMap = reference.form === 'map' ? rest : rest[0] === 'matchLabels' ? rest.slice(1) : undefined;
  const selector = nodeAtPath(place, place.path.slice(0, depth));
  const map = reference.form === 'map' ? selector : childOf(selector, 'matchLabels');
  const at = inMap?.[0];
  const written = pairsOf(map, place.position === 'value' && typeof at === 'string' ? at : undefined);
  const sources = (): LabelSource[] => sourcesFor(snapshot, place, reference, written);
  if (inMap) {
    if (place.position === 'key') return inMap.length === 0 ? labelKeyItems(place, sources()) : undefined;
    return typeof at === 'string' && inMap.length === 1 ? labelValueItems(place, at, sources()) : undefined;
  }
  if (rest[0] !== 'matchExpressions' || place.position !== 'value') return undefined;
  if (rest[2] === 'key') return labelKeyValues(place, sources());
  const key = textOf(nodeAtPath(place, [...place.path.slice(0, depth + 2), 'key']));
  return rest[2] === 'values' && rest.length === 4 && key ? labelValueItems(place, key, sources()) : undefined;
};

function selectorAround(place: CompletionPlace): { reference: SelectorReference; depth: number } | undefined {
  for (let depth = place.path.length; depth > 0; depth--) {
    const reference = referencesAt(place, place.path.slice(0, depth)).find((each) => each.type === 'selector');
    if (reference) return { reference, depth };
  }
  return undefined;
}

function pairsOf(map: ManifestNode | undefined, without: string | undefined): Record<string, string> {
  if (map?.kind !== 'map') return {};
  return Object.fromEntries(
    map.pairs.flatMap(({ key, value }) => {
      const text = textOf(value);
      return text && keyText(key) !== without ? [[keyText(key), text]] : [];
    }),
  );
}

function sourcesFor(
  snapshot: Snapshot,
  place: CompletionPlace,
  { to, namespacesPath, path }: SelectorReference,
  written: Record<string, string>,
): LabelSource[] {
  const { graph, facts, schema, l10n } = snapshot;
  const inWorkspace = (count: number): string => l10n.t('{0} in the workspace', count);
  const inCluster = (count: number): string => l10n.t('{0} in the cluster', count);
  const namespaces = schema.kinds.isNamespaced(to)
    ? namespacesOf(place, namespacesPath, ownNamespace(place, snapshot) || 'default')
    : [''];
  const sources: LabelSource[] = [];
  const { root } = place.document;
  const template = place.gvk && path === 'spec.selector' ? podTemplatePath(place.gvk, root) : undefined;
  if (template) {
    const own = labelsOf(childOf(nodeAtPath(place, template), 'metadata'));
    sources.push({ use: countLabels([own]), words: () => l10n.t('of the template') });
  }
  if (Object.keys(written).length > 0) {
    const selector = selectorFromMap(written);
    const matching = graph.ownersMatching(to, { only: namespaces }, selector).slice(0, mostMatches);
    sources.push({ use: countLabels(matching.map(({ labels }) => labels)), words: inWorkspace });
    if (to.kind === 'Pod' && to.group === '') {
      const pods = namespaces.flatMap((namespace) => facts.podsMatching(namespace, selector).slice(0, mostMatches));
      sources.push({ use: countLabels(pods.map(({ metadata }) => metadata.labels ?? {})), words: inCluster });
    }
  }
  for (const namespace of namespaces) sources.push({ use: graph.labelsUsed(to, namespace), words: inWorkspace });
  for (const namespace of namespaces) sources.push({ use: liveLabels(facts, to, namespace), words: inCluster });
  // Every namespace has this one.
  if (to.kind === 'Namespace' && to.group === '') {
    const names = [
      'default',
      'kube-system',
      ...graph.objectsOf(to, '').map(({ name }) => name),
      ...facts.list(to).map(({ metadata }) => metadata.name ?? ''),
    ];
    sources.push({
      use: countLabels([...new Set(names)].map((name) => ({ 'kubernetes.io/metadata.name': name }))),
      words: () => l10n.t('name of a namespace'),
    });
  }
  return sources;
}

function namespacesOf(place: CompletionPlace, declared: string | undefined, own: string): string[] {
  const list = declared === undefined ? undefined : nodeAtPath(place, besideCursor(declared, place.path));
  const names = list?.kind === 'sequence' ? list.items.flatMap((item) => textOf(item) ?? []) : [];
  return names.length > 0 ? names : [own];
}
