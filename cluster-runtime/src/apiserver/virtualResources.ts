/** Kinds that are answered and never stored: reviews, bindings, component statuses. */
import type { Authenticator } from './authentication/authenticator.ts';
import { createSelfSubjectReview } from './authentication/selfSubjectReview.ts';
import { createTokenReview } from './authentication/tokenReview.ts';
import {
  createLocalSubjectAccessReview,
  createSelfSubjectAccessReview,
  createSubjectAccessReview,
} from './authorization/accessReviews.ts';
import type { RbacAuthorizer } from './authorization/rbac.ts';
import { createSelfSubjectRulesReview } from './authorization/selfSubjectRulesReview.ts';
import { readComponentStatuses } from './componentStatuses.ts';
import type { Exchange } from './http/exchange.ts';
import { type ObjectSources, readFrom } from './objectSource.ts';
import type { Resource } from './registry/registry.ts';
import { createBinding } from './subresources/binding.ts';
import type { SubresourceContext } from './subresources/subresource.ts';

export interface VirtualContext extends SubresourceContext {
  readonly authenticator: Authenticator;
  readonly rbac: RbacAuthorizer;
}

export type VirtualHandler = (exchange: Exchange, resource: Resource, context: VirtualContext) => Promise<void>;

const handlers = new Map<string, VirtualHandler>([
  ['/Binding', createBinding],
  ['/ComponentStatus', readComponentStatuses],
  ['authentication.k8s.io/SelfSubjectReview', createSelfSubjectReview],
  ['authentication.k8s.io/TokenReview', createTokenReview],
  ['authorization.k8s.io/LocalSubjectAccessReview', createLocalSubjectAccessReview],
  ['authorization.k8s.io/SelfSubjectAccessReview', createSelfSubjectAccessReview],
  ['authorization.k8s.io/SelfSubjectRulesReview', createSelfSubjectRulesReview],
  ['authorization.k8s.io/SubjectAccessReview', createSubjectAccessReview],
]);

export function virtualHandler({ kind }: Resource, sources: ObjectSources): VirtualHandler | undefined {
  const key = `${kind.group}/${kind.kind}`;
  const source = sources.get(key);
  return source ? readFrom(source) : handlers.get(key);
}
