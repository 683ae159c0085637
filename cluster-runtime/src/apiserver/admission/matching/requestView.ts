/**
 * A request as a webhook or a policy is shown it: in the version that its rule names, a scale as a Scale, without what only
 * this project's admission knows. Also the way back, for those that change the object.
 */
import type { GroupVersionKind, GroupVersionResource } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import { decodeObject } from '#common/schema/decode.ts';
import type { Scale } from '#common/schema/generated/types.ts';
import type { Resource } from '../../registry/registry.ts';
import { scaleOf } from '../../registry/scaleSubresource.ts';
import type { AdmissionRequest } from '../admission.ts';
import { type Match, namespaceOf, requestedKind } from './requestMatcher.ts';
import { type RegistryOf, shownAs } from './servedVersions.ts';

/** The part of an AdmissionReview's request that is the same for all who are asked; also `request` in expressions. */
export interface RequestDescription {
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subResource?: string;
  readonly requestKind: GroupVersionKind;
  readonly requestResource: GroupVersionResource;
  readonly requestSubResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: AdmissionRequest['operation'];
  readonly userInfo: {
    readonly username: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly dryRun: boolean;
  /** CreateOptions, UpdateOptions or DeleteOptions; null for a CONNECT. */
  readonly options: JsonObject | null;
}

export interface RequestView {
  readonly description: RequestDescription;
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
}

const scaleKind: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

const kindOf = ({ group, version, kind }: GroupVersionKind): GroupVersionKind => ({ group, version, kind });
const resourceOf = ({ group, version, plural }: AdmissionRequest['kind']): GroupVersionResource => ({
  group,
  version,
  resource: plural,
});

export function viewOf(request: AdmissionRequest, match: Match): RequestView {
  const show = (object: KubeObject | undefined): KubeObject | undefined => object && shownObject(request, match.resource, object);
  return { description: describe(request, match.resource), object: show(request.object), oldObject: show(request.old) };
}

function shownObject(request: AdmissionRequest, resource: Resource, object: KubeObject): KubeObject {
  if (request.sent) return object;
  const { scale } = request.kind.subresources;
  if (request.subresource === 'scale' && scale) return scaleOf(scale, object) as KubeObject;
  return shownAs(object, request.kind, resource);
}

function describe(request: AdmissionRequest, { kind: shown }: Resource): RequestDescription {
  const { subresource, sent, options } = request;
  const requested = requestedKind(request);
  const own = sent ?? (subresource === 'scale' ? scaleKind : undefined);
  const namespace = namespaceOf(request);
  const { name, uid, groups, extra } = options.user;
  return {
    kind: kindOf(own ?? shown),
    resource: resourceOf(shown),
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: kindOf(own ?? requested),
    requestResource: resourceOf(requested),
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(request.name ? { name: request.name } : {}),
    ...(namespace ? { namespace } : {}),
    operation: request.operation,
    userInfo: {
      username: name,
      ...(uid ? { uid } : {}),
      ...(groups.length > 0 ? { groups } : {}),
      ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
    },
    dryRun: options.dryRun,
    options: optionsOf(request),
  };
}

/** A patch is an update, or a creation, here too. */
const optionKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

function optionsOf({ operation, options, deletion }: AdmissionRequest): JsonObject | null {
  if (operation === 'CONNECT') return null;
  return {
    kind: optionKinds[operation],
    apiVersion: 'meta.k8s.io/v1',
    ...(operation === 'DELETE' ? deletion : options.stated),
    ...(options.dryRun ? { dryRun: ['All'] } : {}),
  };
}

/**
 * Puts `value`, which somebody made of the view's object, in the request's place: decoded, with defaults, in the version of
 * the request. Throws a DecodeError for what is no such object.
 */
export function takeChange(request: AdmissionRequest, match: Match, value: unknown, registryOf: RegistryOf): void {
  const { object, sent, kind } = request;
  if (!object) return;
  if (sent)
    return replaceContents(object, { ...(value as KubeObject), apiVersion: object.apiVersion, kind: sent.kind } as KubeObject);
  const { scale } = kind.subresources;
  if (request.subresource === 'scale' && scale) {
    const changed = decodeObject(builtinStruct('io.k8s.api.autoscaling.v1.Scale'), scaleKind, value, {
      fieldValidation: 'Ignore',
    });
    scale.setSpecReplicas(object, (changed.object as Scale).spec?.replicas ?? 0);
    return;
  }
  const { resource } = match;
  const { object: changed } = decodeObject(resource.type, resource.kind, value, { fieldValidation: 'Ignore' });
  changed.metadata ??= {};
  resource.kind.applyDefaults?.(changed);
  const own = registryOf().resource(kind.group, kind.version, kind.plural);
  replaceContents(object, own ? shownAs(changed, resource.kind, own) : changed);
}

/** Whoever holds the object goes on with it, so it is changed in place. */
function replaceContents(target: KubeObject, source: KubeObject): void {
  const fields = target as unknown as JsonObject;
  for (const field of Object.keys(fields)) delete fields[field];
  for (const [field, value] of Object.entries(source)) setOwn(fields, field, value);
}
