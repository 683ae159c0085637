/** The identity of a StatefulSet's pods: name, ordinal, revision, claims. */
import type { OwnerReference } from '#common/api/meta.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ownerReference } from '../../controller/adoption.ts';
import { podFromTemplate } from '../../controller/podControl.ts';
import { isReady } from '../../controller/podState.ts';

export const revisionLabel = 'controller-revision-hash';
const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const podIndexLabel = 'apps.kubernetes.io/pod-index';

export const podName = (set: api.StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;

/** The ordinal of a pod that has this set's kind of name. */
export function ordinalOf(set: api.StatefulSet, pod: api.Pod): number | undefined {
  const match = /^(.*)-(\d+)$/.exec(pod.metadata.name ?? '');
  return match && match[1] === set.metadata.name ? Number(match[2]) : undefined;
}

export const firstOrdinal = ({ spec }: api.StatefulSet): number => spec?.ordinals?.start ?? 0;

export const isInRange = (set: api.StatefulSet, ordinal: number): boolean =>
  ordinal >= firstOrdinal(set) && ordinal < firstOrdinal(set) + (set.spec?.replicas ?? 1);

export const isHealthy = (pod: api.Pod): boolean =>
  pod.status?.phase === 'Running' && isReady(pod) && !pod.metadata.deletionTimestamp;

export const revisionOf = (pod: api.Pod): string => pod.metadata.labels?.[revisionLabel] ?? '';

export function newPod(
  set: api.StatefulSet,
  template: api.PodTemplateSpec | undefined,
  revision: string,
  ordinal: number,
): api.Pod {
  const pod = podFromTemplate(template, set, ownerReference(StatefulSet, set));
  const name = podName(set, ordinal);
  const claims: api.Volume[] = claimTemplates(set).map((claim) => ({
    name: claim.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, claim, ordinal) },
  }));
  const volumes = [
    ...claims,
    ...(pod.spec?.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name)),
  ];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      labels: { ...pod.metadata.labels, [podIndexLabel]: String(ordinal), [podNameLabel]: name, [revisionLabel]: revision },
    },
    ...(pod.spec
      ? {
          spec: {
            ...pod.spec,
            hostname: name,
            ...(set.spec?.serviceName ? { subdomain: set.spec.serviceName } : {}),
            ...(volumes.length > 0 ? { volumes } : {}),
          },
        }
      : {}),
  };
}

export const claimTemplates = ({ spec }: api.StatefulSet): readonly api.PersistentVolumeClaim[] =>
  spec?.volumeClaimTemplates ?? [];

export const claimName = (set: api.StatefulSet, template: api.PersistentVolumeClaim, ordinal: number): string =>
  `${template.metadata.name}-${podName(set, ordinal)}`;

export function newClaim(set: api.StatefulSet, template: api.PersistentVolumeClaim, ordinal: number): api.PersistentVolumeClaim {
  const { labels, annotations } = template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(set, template, ordinal),
      namespace: set.metadata.namespace ?? '',
      labels: { ...labels, ...set.spec?.selector.matchLabels },
      ...(annotations ? { annotations } : {}),
    },
    ...(template.spec ? { spec: template.spec } : {}),
  };
}

/**
 * Who shall own the claim, by the retention policy: nobody, the set (it goes with the set) or its pod, once that is
 * beyond the replicas. The same list when nothing changes; references of others stay.
 */
export function planClaimOwners(
  set: api.StatefulSet,
  claim: api.PersistentVolumeClaim,
  pod: api.Pod,
  ordinal: number,
): OwnerReference[] {
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const old = claim.metadata.ownerReferences ?? [];
  const byPod = whenScaled === 'Delete' && !isInRange(set, ordinal);
  const owner = byPod ? ownerReference(Pod, pod) : whenDeleted === 'Delete' ? ownerReference(StatefulSet, set) : undefined;
  const others = old.filter(({ uid, kind, name }) => {
    const isSet = uid === set.metadata.uid || (kind === 'StatefulSet' && name === set.metadata.name);
    return !isSet && uid !== pod.metadata.uid && !(kind === 'Pod' && name === pod.metadata.name);
  });
  return owner ? [...others, owner] : others;
}
