/** The object that an autoscaler scales: found by group and kind, whatever version is named; any kind with `/scale` will do. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { notFound, pathNotFound } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';

export interface ScaleTarget {
  readonly kind: KindDefinition;
  readonly key: ObjectKey;
  readonly resourceVersion: string;
  readonly replicas: number;
  readonly statusReplicas: number;
  /** Of its pods, in the form of queries; empty when it has none. */
  readonly selector: string;
}

/** A text says why there is none. */
export function findScaleTarget(cache: Cache, { metadata, spec }: api.HorizontalPodAutoscaler): ScaleTarget | string {
  const { apiVersion = '', kind: kindName = '', name = '' } = spec?.scaleTargetRef ?? {};
  const { group } = parseApiVersion(apiVersion);
  const kind = cache.kinds().find((one) => one.group === group && one.kind === kindName);
  if (!kind) {
    const place = group === '' ? `version ${JSON.stringify(apiVersion)}` : `group ${JSON.stringify(group)}`;
    return `unable to determine resource for scale target reference: no matches for kind ${JSON.stringify(kindName)} in ${place}`;
  }
  const { scale } = kind.subresources;
  if (!scale) return pathNotFound().message;
  const key = { namespace: kind.namespaced ? (metadata.namespace ?? '') : '', name };
  const object: KubeObject | undefined = cache.get(kind, key);
  if (!object) return notFound({ group: kind.group, resource: kind.plural }, name).message;
  const replicas = scale.specReplicas(object);
  if (replicas === undefined && scale.replicasPath) {
    return `Internal error occurred: the spec replicas field ${JSON.stringify(`.${scale.replicasPath.join('.')}`)} does not exist`;
  }
  return {
    kind,
    key,
    resourceVersion: object.metadata.resourceVersion ?? '',
    replicas: replicas ?? 0,
    statusReplicas: scale.statusReplicas(object),
    selector: scale.selectorText(object),
  };
}

/** Fails with Conflict when the object has changed since it was found. */
export async function rescale(client: Client, { kind, key, resourceVersion }: ScaleTarget, replicas: number): Promise<void> {
  await client.patch(kind, key, 'merge', { metadata: { resourceVersion }, spec: { replicas } }, { subresource: 'scale' });
}
