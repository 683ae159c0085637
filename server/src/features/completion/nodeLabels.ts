/** Labels of nodes: for nodeSelector, node affinity, topology keys, and the taints' keys that tolerations name. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { textOf } from '#common/manifests/nodes.ts';
import { countLabels, type LabelUse } from '../../workspace/labelCounts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { labelKeyItems, labelKeyValues, type LabelSource, labelValueItems, liveLabels } from './labelUse.ts';
import { nodeAtPath, placeAt } from './place.ts';

const node = { group: '', kind: 'Node' };

/** What the kubelet and cloud providers put on every node. */
const usualLabels: LabelUse = new Map([
  [
    'kubernetes.io/os',
    new Map([
      ['linux', 1],
      ['windows', 1],
    ]),
  ],
  [
    'kubernetes.io/arch',
    new Map([
      ['amd64', 1],
      ['arm64', 1],
    ]),
  ],
  ['kubernetes.io/hostname', new Map()],
  ['topology.kubernetes.io/zone', new Map()],
  ['topology.kubernetes.io/region', new Map()],
  ['node.kubernetes.io/instance-type', new Map()],
]);

export const provideNodeLabelCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place?.schema) return undefined;
  const { path, position } = place;
  if (path.at(position === 'key' ? -1 : -2) === 'nodeSelector' && (position === 'value' || place.schema.type.kind === 'map')) {
    const sources = nodeSources(snapshot);
    return position === 'key' ? labelKeyItems(place, sources) : labelValueItems(place, String(path.at(-1)), sources);
  }
  if (position !== 'value') return undefined;
  if (path.at(-1) === 'topologyKey') return labelKeyValues(place, nodeSources(snapshot));
  if (path.at(-1) === 'key' && path.at(-3) === 'tolerations')
    return labelKeyValues(place, [{ use: taints(snapshot), words: nodesHaveIt(snapshot) }]);
  if (!path.some((step) => step === 'nodeAffinity' || step === 'nodeSelectorTerms')) return undefined;
  if (path.at(-1) === 'key' && path.at(-3) === 'matchExpressions') return labelKeyValues(place, nodeSources(snapshot));
  if (path.at(-2) !== 'values') return undefined;
  const key = textOf(nodeAtPath(place, [...path.slice(0, -2), 'key']));
  return key ? labelValueItems(place, key, nodeSources(snapshot)) : undefined;
};

const nodesHaveIt =
  ({ l10n: { t } }: Snapshot) =>
  (count: number): string =>
    count === 1 ? t('1 node has it') : t('{0} nodes have it', count);

const nodeSources = ({ graph, facts, l10n: { t } }: Snapshot): LabelSource[] => [
  {
    use: liveLabels(facts, node, ''),
    words: (count) => (count === 1 ? t('1 node of the cluster') : t('{0} nodes of the cluster', count)),
  },
  {
    use: graph.labelsUsed(node, ''),
    words: (count) => (count === 1 ? t('1 node in the workspace') : t('{0} nodes in the workspace', count)),
  },
  { use: usualLabels, words: () => t('usual on nodes') },
];

function taints({ facts }: Snapshot): LabelUse {
  return countLabels(
    facts.list(node).map(({ spec }) => {
      const list = isJsonObject(spec) ? spec['taints'] : undefined;
      const keys = Array.isArray(list) ? list.flatMap((taint: unknown) => (isJsonObject(taint) ? String(taint['key']) : [])) : [];
      return Object.fromEntries(keys.map((key) => [key, '']));
    }),
  );
}
