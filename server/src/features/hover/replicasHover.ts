/** Hover on `replicas`: how many are wanted here and in the cluster, and how many are there, ready and available. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import { documentAt } from '#common/manifests/sourceFile.ts';
import type { AtOffset, Hover } from '../feature.ts';

const statusFields = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];

export const provideReplicasHover: AtOffset<Hover> = ({ graph, facts }, file, offset) => {
  const document = documentAt(file, offset);
  const object = document && graph.objectOf(document);
  const at = document?.nodeAt(offset);
  if (!object || !at || document.pathOf(at.node).join('.') !== 'spec.replicas') return undefined;
  const live = facts.get(object.gvk, object.namespace, object.name);
  if (!live) return undefined;
  const [spec, status] = [live['spec'], live['status']].map((each) => (isJsonObject(each) ? each : {}));
  const counts = statusFields.flatMap((field) =>
    typeof status?.[field] === 'number' ? [`${field.replace(/Replicas$/, '')} ${status[field]}`] : [],
  );
  return { markdown: `In the cluster: wanted ${String(spec?.['replicas'] ?? 1)}, ${counts.join(', ') || 'none yet'}` };
};
