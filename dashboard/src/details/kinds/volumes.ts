/** Volumes of a pod or of a template: what each is, with links to what it shows. */
import type { Block, DetailValue } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type * as api from '#common/schema/generated/types.ts';
import { link, list, table, text, texts } from '../blocks.ts';

export const volumesBlock = (volumes: readonly api.Volume[] | undefined, namespace: string, t: DetailsTexts): Block[] =>
  table(
    [t.volume, t.type, t.source],
    (volumes ?? []).map((volume) => [text(volume.name), text(typeOf(volume)), sourceOf(volume, namespace, t)]),
  );

/** The one field besides the name. */
const typeOf = (volume: api.Volume): string => Object.keys(volume).find((key) => key !== 'name') ?? '';

function sourceOf(volume: api.Volume, namespace: string, t: DetailsTexts): DetailValue | undefined {
  const { configMap, secret, persistentVolumeClaim, emptyDir, hostPath, projected, ephemeral, csi, nfs, image } = volume;
  const optional = (isOptional: boolean | undefined): DetailValue | undefined =>
    isOptional ? text(t.optional, 'quiet') : undefined;
  if (configMap) return list([link('v1', 'ConfigMap', namespace, configMap.name), optional(configMap.optional)]);
  if (secret) return list([link('v1', 'Secret', namespace, secret.secretName), optional(secret.optional)]);
  if (persistentVolumeClaim) {
    const { claimName, readOnly } = persistentVolumeClaim;
    return list([link('v1', 'PersistentVolumeClaim', namespace, claimName), readOnly ? text(t.readOnly, 'quiet') : undefined]);
  }
  if (emptyDir) return texts([emptyDir.medium, emptyDir.sizeLimit]);
  if (hostPath) return texts([hostPath.path, hostPath.type]);
  if (projected) return list((projected.sources ?? []).map((source) => projectedSource(source, namespace)));
  if (ephemeral) return texts([ephemeral.volumeClaimTemplate?.spec.storageClassName]);
  if (csi) return texts([csi.driver]);
  if (nfs) return text(`${nfs.server}:${nfs.path}`);
  return text(image?.reference);
}

function projectedSource(source: api.VolumeProjection, namespace: string): DetailValue | undefined {
  if (source.configMap) return link('v1', 'ConfigMap', namespace, source.configMap.name);
  if (source.secret) return link('v1', 'Secret', namespace, source.secret.name);
  return text(Object.keys(source)[0], 'quiet');
}
