/**
 * CertificateSigningRequest (certificates.k8s.io/v1). Who asks is written in by the API server; the spec never changes;
 * conditions are added through `/approval` and `/status`.
 */
import type * as api from '#common/schema/generated/types.ts';
import { humanDuration } from '#common/api/duration.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateApproval, validateRequest, validateStatus } from './validation/certificateSigningRequest.ts';
import { pathSegmentName } from './validation/objectNames.ts';

export const CertificateSigningRequest = defineKind<api.CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  validateName: pathSegmentName,
  prepareForCreate(request) {
    request.status = {};
  },
  prepareForUpdate(request, old) {
    request.spec = old.spec;
    if (old.status) request.status = old.status;
    else delete request.status;
  },
  prepareForStatusUpdate(request, old) {
    request.spec = old.spec;
  },
  validate: validateRequest,
  validateStatusUpdate: validateStatus,
  validateSubresourceUpdate: (subresource, request, old) => (subresource === 'approval' ? validateApproval(request, old) : []),
  selectableFieldNames: ['spec.signerName'],
  selectableFields: (request) => ({ 'spec.signerName': request.spec?.signerName ?? '' }),
  columns: [
    nameColumn,
    ageColumn,
    textColumn('SignerName', (request) => request.spec?.signerName || '<none>'),
    textColumn('Requestor', (request) => request.spec?.username ?? ''),
    textColumn('RequestedDuration', (request) => {
      const seconds = request.spec?.expirationSeconds;
      return seconds === undefined ? '<none>' : humanDuration(seconds * 1000);
    }),
    textColumn('Condition', conditionText),
  ],
});

/** `Approved,Issued`, `Denied`, `Pending`. */
function conditionText({ status }: api.CertificateSigningRequest): string {
  const has = (type: string): boolean => status?.conditions?.some((condition) => condition.type === type) ?? false;
  const words = has('Denied') ? ['Denied'] : has('Approved') ? ['Approved'] : ['Pending'];
  if (has('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  return words.join(',');
}
