/** The objects that a binding names as the parameters of its policy. */
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import type { ParamKind, ParamRef } from '#common/schema/generated/types.ts';
import type { Resource } from '../../registry/registry.ts';
import type { RegistryOf } from '../matching/servedVersions.ts';
import { PolicyFailure } from './policyFailure.ts';

/** Undefined where a policy has no parameters. Throws PolicyFailure where nothing of the kind is served. */
export function paramResource(paramKind: ParamKind | undefined, registryOf: RegistryOf): Resource | undefined {
  if (!paramKind) return undefined;
  const { apiVersion = '', kind = '' } = paramKind;
  const { group, version } = parseApiVersion(apiVersion);
  const resource = registryOf().resources.find(
    ({ kind: served }) => served.kind === kind && served.version === version && served.group === group && !served.virtual,
  );
  if (resource) return resource;
  throw new PolicyFailure(`failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'`);
}

/**
 * One evaluation each; `[undefined]` is one without parameters, none at all lets the request pass. `namespace` is the
 * request's. Throws PolicyFailure.
 */
export function paramsOf(
  resource: Resource | undefined,
  ref: ParamRef | undefined,
  namespace: string,
): readonly (KubeObject | undefined)[] {
  if (!resource || !ref) return [undefined];
  const found = find(resource, ref, namespaceOfParams(resource, ref, namespace));
  if (found.length === 0 && ref.parameterNotFoundAction !== 'Allow') {
    throw new PolicyFailure('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found;
}

function namespaceOfParams({ kind }: Resource, ref: ParamRef, namespace: string): string {
  if (!kind.namespaced) {
    if (ref.namespace) throw new PolicyFailure('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
    return '';
  }
  const own = ref.namespace ?? namespace;
  if (own) return own;
  throw new PolicyFailure('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
}

function find(resource: Resource, { name, selector }: ParamRef, namespace: string): readonly KubeObject[] {
  if (name) {
    try {
      return [resource.get({ namespace, name }).object];
    } catch (error) {
      if (hasReason(error, 'NotFound')) return [];
      throw error;
    }
  }
  const { text } = selectorFromLabelSelector(selector);
  const query = { ...(namespace ? { namespace } : {}), ...(text ? { labelSelector: text } : {}) };
  return resource.list(query).items.map(({ object }) => object);
}
