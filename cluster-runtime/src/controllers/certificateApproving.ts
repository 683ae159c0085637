/**
 * Approves the requests of kubelets for their client certificates, where the one who asks has been given that right: by
 * kubeadm to bootstrap tokens for any node, and to nodes for themselves.
 */
import { CertificateSigningRequest } from '#common/kinds/certificateSigningRequest.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ControllerDefinition, defineController, done } from '../controller/controller.ts';
import { isDecided, requestOf, withCondition } from './certificates/conditions.ts';
import { kubeletClientProblem, kubeletClientSigner } from './certificates/signers.ts';

/** Whether whoever made the request may create this subresource of CertificateSigningRequests, as an access review says. */
export type MayRequest = (spec: api.CertificateSigningRequestSpec, subresource: string) => boolean;

interface Recognizer {
  readonly subresource: string;
  readonly message: string;
  readonly self: boolean;
}

const recognizers: readonly Recognizer[] = [
  {
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
    self: true,
  },
  {
    subresource: 'nodeclient',
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
    self: false,
  },
];

export const certificateApprovingController = (mayRequest: MayRequest): ControllerDefinition =>
  defineController<api.CertificateSigningRequest>({
    name: 'certificatesigningrequest-approving-controller',
    account: 'certificate-controller',
    for: CertificateSigningRequest,
    writes: [CertificateSigningRequest],
    async reconcile(ctx, key) {
      const request = ctx.cache.get(CertificateSigningRequest, key);
      const message = request && planApproval(request, mayRequest);
      if (!request || message === undefined) return done;
      const approved = withCondition(request, { type: 'Approved', reason: 'AutoApproved', message }, ctx.clock.now());
      const { resourceVersion } = request.metadata;
      const patch = { metadata: { resourceVersion }, status: approved.status };
      await ctx.client.patch(CertificateSigningRequest, key, 'merge', patch, { subresource: 'approval' });
      return done;
    },
  });

/** The words of the approval; undefined for a request that a person has to decide on. */
export function planApproval(request: api.CertificateSigningRequest, mayRequest: MayRequest): string | undefined {
  const { spec } = request;
  if (!spec || spec.signerName !== kubeletClientSigner || request.status?.certificate || isDecided(request)) return undefined;
  const wanted = requestOf(request);
  if (!wanted || kubeletClientProblem(wanted, spec.usages ?? []) !== undefined) return undefined;
  const isSelf = spec.username === wanted.commonName;
  return recognizers.find(({ self, subresource }) => (!self || isSelf) && mayRequest(spec, subresource))?.message;
}
