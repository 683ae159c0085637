/** SelfSubjectAccessReview, SubjectAccessReview and LocalSubjectAccessReview: may somebody do something? */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type {
  CertificateSigningRequestSpec,
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SubjectAccessReview,
} from '#common/schema/generated/types.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource, User } from '../registry/registry.ts';
import { invalidReview, readReview, sendReview } from '../reviewBody.ts';
import type { Attributes, Authorizer } from './authorizer.ts';

const group = 'authorization.k8s.io';

interface AccessSpec {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

type Review = KubeObject & { spec?: AccessSpec };

/** As Kubernetes' own structure prints, which the refusals quote. */
const goNonResource = ({ path = '', verb = '' }: NonResourceAttributes): object => ({ Path: path, Verb: verb });

function specErrors(spec: AccessSpec): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec;
  const path = FieldPath.of('spec');
  if (resourceAttributes && nonResourceAttributes) {
    return [
      invalid(
        path.child('nonResourceAttributes'),
        goNonResource(nonResourceAttributes),
        'cannot be specified in combination with resourceAttributes',
      ),
    ];
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    return [
      invalid(
        path.child('resourceAttributes'),
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ];
  }
  return [];
}

function metadataErrors({ metadata }: KubeObject, detail: string, allowed: readonly string[] = []): FieldError[] {
  const rest = Object.keys(metadata).filter((key) => !allowed.includes(key));
  return rest.length > 0 ? [invalid(FieldPath.of('metadata'), metadata, detail)] : [];
}

function subjectErrors(spec: SubjectAccessReview['spec'] | undefined): FieldError[] {
  if (spec?.user || spec?.groups?.length) return [];
  return [invalid(FieldPath.of('spec', 'user'), '', 'at least one of user or group must be specified')];
}

function attributesOfSpec(user: User, { resourceAttributes: resource, nonResourceAttributes: other }: AccessSpec): Attributes {
  return {
    user,
    verb: resource?.verb ?? other?.verb ?? '',
    isResource: resource !== undefined,
    namespace: resource?.namespace ?? '',
    group: resource?.group ?? '',
    version: resource?.version ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    name: resource?.name ?? '',
    path: other?.path ?? '',
  };
}

function answer(exchange: Exchange, review: Review, user: User, authorizer: Authorizer): void {
  const { allowed, reason } = authorizer.authorize(attributesOfSpec(user, review.spec ?? {}));
  // What went wrong on the way to a refusal is an error of the evaluation, no reason.
  const status = allowed
    ? { allowed, ...(reason ? { reason } : {}) }
    : { allowed, ...(reason ? { reason, evaluationError: reason.replace(/^RBAC: /, '') } : {}) };
  sendReview(exchange, { ...review, status });
}

const subjectOf = (spec: SubjectAccessReview['spec'] | undefined): User => ({
  name: spec?.user ?? '',
  groups: spec?.groups ?? [],
  ...(spec?.uid ? { uid: spec.uid } : {}),
});

interface Context {
  readonly authorizer: Authorizer;
}

export async function createSelfSubjectAccessReview(
  exchange: Exchange,
  resource: Resource,
  { authorizer }: Context,
): Promise<void> {
  const review = await readReview<Review>(exchange, resource);
  const errors = [...specErrors(review.spec ?? {}), ...metadataErrors(review, 'must be empty')];
  if (errors.length > 0) throw invalidReview(group, errors);
  answer(exchange, review, exchange.user, authorizer);
}

export async function createSubjectAccessReview(exchange: Exchange, resource: Resource, { authorizer }: Context): Promise<void> {
  const review = await readReview<SubjectAccessReview & KubeObject>(exchange, resource);
  const errors = [...specErrors(review.spec ?? {}), ...subjectErrors(review.spec), ...metadataErrors(review, 'must be empty')];
  if (errors.length > 0) throw invalidReview(group, errors);
  answer(exchange, review as Review, subjectOf(review.spec), authorizer);
}

export async function createLocalSubjectAccessReview(
  exchange: Exchange,
  resource: Resource,
  { authorizer }: Context,
): Promise<void> {
  const review = await readReview<LocalSubjectAccessReview & KubeObject>(exchange, resource);
  const { resourceAttributes, nonResourceAttributes } = review.spec ?? {};
  const errors = [...subjectErrors(review.spec), ...metadataErrors(review, 'must be empty except for namespace', ['namespace'])];
  const path = FieldPath.of('spec');
  if (!nonResourceAttributes || resourceAttributes) errors.unshift(...specErrors(review.spec ?? {}));
  if (resourceAttributes && (resourceAttributes.namespace ?? '') !== review.metadata.namespace) {
    errors.push(
      invalid(path.child('resourceAttributes', 'namespace'), resourceAttributes.namespace ?? '', 'must match metadata.namespace'),
    );
  }
  if (nonResourceAttributes) {
    errors.push(
      invalid(path.child('nonResourceAttributes'), goNonResource(nonResourceAttributes), 'disallowed on this kind of request'),
    );
  }
  if (errors.length > 0) throw invalidReview(group, errors);
  answer(exchange, review as Review, subjectOf(review.spec), authorizer);
}

/** Whether whoever made a certificate request may create a subresource of such requests: the question of an access review. */
export const requestedBy = (spec: CertificateSigningRequestSpec, subresource: string): Attributes => ({
  user: {
    name: spec.username ?? '',
    groups: spec.groups ?? [],
    ...(spec.uid ? { uid: spec.uid } : {}),
    ...(spec.extra ? { extra: spec.extra } : {}),
  },
  verb: 'create',
  isResource: true,
  namespace: '',
  group: 'certificates.k8s.io',
  version: '*',
  resource: 'certificatesigningrequests',
  subresource,
  name: '',
  path: '',
});
