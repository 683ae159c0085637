/** SelfSubjectRulesReview: everything that the user may do in a namespace. `kubectl auth can-i --list` prints it. */
import type { KubeObject } from '#common/api/meta.ts';
import { badRequest } from '#common/api/status.ts';
import type { SelfSubjectRulesReview } from '#common/schema/generated/types.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../registry/registry.ts';
import { readReview, sendReview } from '../reviewBody.ts';
import type { RbacAuthorizer } from './rbac.ts';

export async function createSelfSubjectRulesReview(
  exchange: Exchange,
  resource: Resource,
  { rbac }: { rbac: RbacAuthorizer },
): Promise<void> {
  const review = await readReview<SelfSubjectRulesReview & KubeObject>(exchange, resource);
  const namespace = review.spec?.namespace;
  if (!namespace) throw badRequest('no namespace on request');
  const { rules, errors } = rbac.rulesFor(exchange.user, namespace);
  const resourceRules = rules
    .filter((rule) => rule.resources?.length)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames?.length ? { resourceNames } : {}),
    }));
  const nonResourceRules = rules
    .filter((rule) => rule.nonResourceURLs?.length)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const evaluationError = errors.length > 0 ? { evaluationError: errors.join(', ') } : {};
  const { apiVersion, kind, metadata } = review;
  sendReview(exchange, {
    kind,
    apiVersion,
    metadata,
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete: errors.length > 0, ...evaluationError },
  });
}
