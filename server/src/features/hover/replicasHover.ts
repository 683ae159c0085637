/** Hover on `replicas`: how many are wanted here and in the cluster, and how many are there, ready and available. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { AtOffset, Hover } from '../feature.ts';

const statusFields = {
  replicas: 'replicas {0}',
  updatedReplicas: 'updated {0}',
  readyReplicas: 'ready {0}',
  availableReplicas: 'available {0}',
  unavailableReplicas: 'unavailable {0}',
} as const;

export const provideReplicasHover: AtOffset<Hover> = ({ graph, facts, l10n }, file, offset) => {
  const document = documentAt(file, offset);
  const object = document && graph.objectOf(document);
  const at = document?.nodeAt(offset);
  if (!object || !at || document.pathOf(at.node).join('.') !== 'spec.replicas') return undefined;
  const live = facts.get(object.gvk, object.namespace, object.name);
  if (!live) return undefined;
  const [spec, status] = [live['spec'], live['status']].map((each) => (isJsonObject(each) ? each : {}));
  const counts = Object.entries(statusFields).flatMap(([field, text]) =>
    typeof status?.[field] === 'number' ? [l10n.t(text, status[field])] : [],
  );
  const wanted = l10n.t('wanted {0}', String(spec?.['replicas'] ?? 1));
  return {
    markdown: l10n.t('In the cluster: {0}', l10n.clauses(wanted, ...(counts.length > 0 ? counts : [l10n.t('none yet')]))),
  };
};
