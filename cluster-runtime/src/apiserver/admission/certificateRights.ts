/**
 * Who may ask for which certificate, approve it and sign it. Approving and issuing take a right on the signer; nobody
 * gets a client certificate of group system:masters through the API.
 */
import { forbiddenError } from '#common/api/status.ts';
import type { CertificateSigningRequest } from '#common/schema/generated/types.ts';
import { readCertificateRequest } from '../../pki/certificateRequest.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

const group = 'certificates.k8s.io';
const clientSigner = 'kubernetes.io/kube-apiserver-client';
const superuserGroup = 'system:masters';
const isRequest = ({ kind }: AdmissionRequest): boolean => kind.group === group && kind.kind === 'CertificateSigningRequest';

function refuse(request: AdmissionRequest, message: string): never {
  throw forbiddenError({ group, resource: request.kind.plural }, request.name, message);
}

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: (request) => request.operation === 'CREATE' && isRequest(request),
  validate(request) {
    const { spec } = request.object as CertificateSigningRequest;
    if (spec.signerName !== clientSigner) return;
    const wanted = readCertificateRequest(Buffer.from(spec.request, 'base64').toString('latin1'));
    if (wanted?.organizations.includes(superuserGroup))
      refuse(request, `use of ${clientSigner} signer with ${superuserGroup} group is not allowed`);
  },
};

/** `authorizer` is asked for when the first request comes, which is after the registry stands. */
export function certificateRights(authorizer: () => Authorizer): readonly AdmissionPlugin[] {
  const may = ({ options: { user } }: AdmissionRequest, verb: string, signer: string): boolean => {
    if (user.groups.includes(superuserGroup)) return true;
    const domain = `${signer.slice(0, signer.indexOf('/'))}/*`;
    return [signer, domain].some(
      (name) =>
        authorizer().authorize({
          user,
          verb,
          isResource: true,
          namespace: '',
          group,
          version: '*',
          resource: 'signers',
          subresource: '',
          name,
          path: '',
        }).allowed,
    );
  };
  const check = (request: AdmissionRequest, verb: string): void => {
    const signer = (request.old as CertificateSigningRequest | undefined)?.spec.signerName ?? '';
    if (!may(request, verb, signer))
      refuse(request, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
  };
  return [
    {
      name: 'CertificateApproval',
      handles: (request) => request.operation === 'UPDATE' && request.subresource === 'approval' && isRequest(request),
      validate: (request) => check(request, 'approve'),
    },
    {
      name: 'CertificateSigning',
      handles: (request) => request.operation === 'UPDATE' && request.subresource === 'status' && isRequest(request),
      validate(request) {
        const [before, after] = [request.old, request.object] as CertificateSigningRequest[];
        if (before?.status?.certificate !== after?.status?.certificate) check(request, 'sign');
      },
    },
  ];
}
