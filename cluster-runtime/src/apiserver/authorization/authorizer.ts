/** The question that authorization answers, and how a refusal is worded. */
import { ApiError, forbiddenError } from '#common/api/status.ts';
import type { User } from '../registry/registry.ts';
import type { RequestInfo } from '../requestInfo.ts';

export interface Attributes {
  readonly user: User;
  readonly verb: string;
  readonly isResource: boolean;
  readonly namespace: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** For what is no resource. */
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why it is allowed, or what went wrong on the way to a refusal; empty when there is nothing to say. */
  readonly reason: string;
}

export interface Authorizer {
  authorize(attributes: Attributes): Decision;
}

export const attributesOf = (user: User, info: RequestInfo): Attributes => ({
  user,
  verb: info.verb,
  isResource: info.isResource,
  namespace: info.namespace,
  group: info.group,
  version: info.version,
  resource: info.resource,
  subresource: info.subresource,
  name: info.name,
  path: info.path,
});

/** The 403: `pods "x" is forbidden: User "joe" cannot get resource "pods/log" in API group "" in the namespace "y"`. */
export function forbiddenFor(attributes: Attributes, decision: Decision): ApiError {
  const { user, verb, group, resource, subresource, name, namespace } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  const why = decision.reason ? `: ${decision.reason}` : '';
  if (!attributes.isResource)
    return new ApiError(403, 'Forbidden', `forbidden: ${who} path ${JSON.stringify(attributes.path)}${why}`, {});
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return forbiddenError(
    { group, resource },
    name,
    `${who} resource "${what}" in API group ${JSON.stringify(group)} ${where}${why}`,
  );
}

const superuserGroup = 'system:masters';
const openPaths = new Set(['/healthz', '/livez', '/readyz']);

/** Members of system:masters may do everything, everybody may ask after the server's health; the rest is up to `next`. */
export function withSuperusers(next: Authorizer): Authorizer {
  const yes: Decision = { allowed: true, reason: '' };
  return {
    authorize(attributes) {
      if (attributes.user.groups.includes(superuserGroup)) return yes;
      const decision = next.authorize(attributes);
      if (!decision.allowed && !attributes.isResource && openPaths.has(attributes.path)) return yes;
      return decision;
    },
  };
}
