/** What a write to each subresource may change: everything else is carried over from the stored object. */
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { formatTime } from '#common/api/time.ts';
import { preparePodForResize } from '#common/kinds/pod/resize.ts';
import type { CertificateSigningRequest, Namespace, Pod } from '#common/schema/generated/types.ts';
import type { ObjectSubresource } from './registry.ts';

/** Gives the object to store; may change `object`. */
export function prepareForSubresource(
  kind: KindDefinition,
  subresource: ObjectSubresource,
  object: KubeObject,
  old: KubeObject,
  now: number,
): KubeObject {
  switch (subresource) {
    case 'status':
      return prepareStatus(kind, object, old, now);
    case 'scale':
      return object;
    case 'finalize':
      return prepareFinalize(object as Namespace, old as Namespace);
    case 'approval':
      return prepareApproval(object as CertificateSigningRequest, old as CertificateSigningRequest, formatTime(now));
    case 'ephemeralcontainers':
      return prepareEphemeralContainers(object as Pod, old as Pod);
    case 'resize':
      return preparePodForResize(object as Pod, old as Pod);
  }
}

function prepareStatus(kind: KindDefinition, object: KubeObject, old: KubeObject, now: number): KubeObject {
  if (kind.prepareForStatusUpdate) {
    kind.prepareForStatusUpdate(object, old, now);
    return object;
  }
  const { status } = object as { status?: unknown };
  const { status: _, ...rest } = old as KubeObject & { status?: unknown };
  return { ...rest, metadata: object.metadata, ...(status === undefined ? {} : { status }) } as KubeObject;
}

/** The metadata that may come with a subresource: what is needed for ownership and preconditions. */
const withMetadata = <T extends KubeObject>(old: T, object: T): T => ({ ...old, metadata: { ...object.metadata } });

function prepareFinalize(object: Namespace, old: Namespace): Namespace {
  const { finalizers: _, ...spec } = old.spec ?? {};
  const finalizers = object.spec?.finalizers;
  return { ...withMetadata(old, object), spec: { ...spec, ...(finalizers?.length ? { finalizers } : {}) } };
}

/** Approvers leave the times to the server. */
function prepareApproval(
  object: CertificateSigningRequest,
  old: CertificateSigningRequest,
  now: string,
): CertificateSigningRequest {
  const { conditions: before = [], ...status } = old.status ?? {};
  const conditions = object.status?.conditions?.map((condition) => {
    const same = before.find((c) => c.type === condition.type && c.status === condition.status);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? now,
    };
  });
  return { ...withMetadata(old, object), status: { ...status, ...(conditions?.length ? { conditions } : {}) } };
}

function prepareEphemeralContainers(object: Pod, old: Pod): Pod {
  if (!old.spec) return old;
  const { ephemeralContainers: _, ...spec } = old.spec;
  const ephemeralContainers = object.spec?.ephemeralContainers;
  return { ...withMetadata(old, object), spec: { ...spec, ...(ephemeralContainers?.length ? { ephemeralContainers } : {}) } };
}
