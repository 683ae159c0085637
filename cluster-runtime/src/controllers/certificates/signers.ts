/**
 * The signers that Kubernetes itself is, and what each of them agrees to sign. Pure. The fourth,
 * `kubernetes.io/legacy-unknown`, cannot be asked for through this version of the API.
 */
import type { CertificateRequest } from '../../pki/certificateRequest.ts';

export const clientSigner = 'kubernetes.io/kube-apiserver-client';
export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';
export const kubeletServingSigner = 'kubernetes.io/kubelet-serving';

const nodesGroup = 'system:nodes';
const nodePrefix = 'system:node:';

/** Why the signer refuses the request; undefined when it signs. */
type Judge = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const judges: Readonly<Record<string, Judge>> = {
  [clientSigner]: (_request, usages) => {
    const odd = usages.find((usage) => !['client auth', 'digital signature', 'key encipherment'].includes(usage));
    if (odd !== undefined) return `invalid usage for client certificate: ${odd}`;
    return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
  },
  [kubeletClientSigner]: kubeletClientProblem,
  [kubeletServingSigner]: (request, usages) =>
    nodeSubjectProblem(request) ??
    (request.dnsNames.length + request.ipAddresses.length === 0 ? 'DNS or IP subjectAltName is required' : undefined) ??
    (request.emailAddresses.length > 0 ? 'Email subjectAltNames are not allowed' : undefined) ??
    (request.uris.length > 0 ? 'URI subjectAltNames are not allowed' : undefined) ??
    usagesProblem(usages, 'server auth'),
};

export const isOwnSigner = (name: string): boolean => Object.hasOwn(judges, name);

export const signerProblem = (signer: string, request: CertificateRequest, usages: readonly string[]): string | undefined =>
  judges[signer]?.(request, usages);

/** What is not the request of a kubelet for its client certificate. */
export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  return (
    nodeSubjectProblem(request) ??
    (request.dnsNames.length > 0 ? 'DNS subjectAltNames are not allowed' : undefined) ??
    (request.emailAddresses.length > 0 ? 'Email subjectAltNames are not allowed' : undefined) ??
    (request.ipAddresses.length > 0 ? 'IP subjectAltNames are not allowed' : undefined) ??
    (request.uris.length > 0 ? 'URI subjectAltNames are not allowed' : undefined) ??
    usagesProblem(usages, 'client auth')
  );
}

function nodeSubjectProblem({ organizations, commonName }: CertificateRequest): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== nodesGroup) return 'subject organization is not system:nodes';
  return commonName.startsWith(nodePrefix) ? undefined : 'subject common name does not begin with system:node: ';
}

/** Exactly these; keys that are no RSA keys go without `key encipherment`. */
function usagesProblem(usages: readonly string[], purpose: string): string | undefined {
  const required = ['digital signature', 'key encipherment', purpose].sort();
  const asked = new Set(usages);
  const extra = [...asked].some((usage) => !required.includes(usage));
  const missing = required.some((usage) => usage !== 'key encipherment' && !asked.has(usage));
  return extra || missing ? `usages did not match [${required.join(' ')}]` : undefined;
}
