/** Labels of objects and pod templates: what their own selector wants, what other selectors look for, what others are called. */
import { childOf, keyText, textOf } from '#common/manifests/nodes.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import { pod, podTemplatePath } from '../../workspace/labelOwners.ts';
import { countLabels } from '../../workspace/labelCounts.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { labelKeyItems, type LabelSource, labelValueItems } from './labelUse.ts';
import { type CompletionPlace, nodeAtPath, ownNamespace, placeAt } from './place.ts';

export const provideTemplateLabelCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place?.gvk) return undefined;
  const map = place.position === 'key' ? place.path : place.path.slice(0, -1);
  if (map.at(-1) !== 'labels' || map.at(-2) !== 'metadata') return undefined;
  const kind = labelledKind(place, map.slice(0, -2).join('.'));
  if (!kind) return undefined;
  const sources = sourcesFor(snapshot, place, kind);
  return place.position === 'key' ? labelKeyItems(place, sources) : labelValueItems(place, String(place.path.at(-1)), sources);
};

/** What has the labels: the object itself, or the pods of its template. */
function labelledKind({ gvk, document }: CompletionPlace, above: string): KindName | undefined {
  if (above === '') return gvk;
  return gvk && above === podTemplatePath(gvk, document.root) ? pod : undefined;
}

function sourcesFor(snapshot: Snapshot, place: CompletionPlace, kind: KindName): LabelSource[] {
  const { graph, l10n } = snapshot;
  const namespace = ownNamespace(place, snapshot);
  const wanted: Record<string, string> = {};
  if (kind === pod) {
    const selector = nodeAtPath(place, 'spec.selector');
    // A ReplicationController's selector is a plain map.
    const map = place.gvk?.kind === 'ReplicationController' ? selector : childOf(selector, 'matchLabels');
    for (const { key, value } of map?.kind === 'map' ? map.pairs : []) {
      const text = textOf(value);
      if (text) wanted[keyText(key)] = text;
    }
  }
  return [
    { use: countLabels([wanted]), words: () => l10n.t('of its own selector') },
    {
      use: graph.labelsAsked(kind, namespace),
      words: (count) => (count === 1 ? l10n.t('1 selector asks for it') : l10n.t('{0} selectors ask for it', count)),
    },
    { use: graph.labelsUsed(kind, namespace), words: (count) => l10n.t('{0} in the workspace', count) },
  ];
}
