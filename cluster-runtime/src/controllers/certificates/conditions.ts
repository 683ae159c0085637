/** What has been decided of a certificate request. */
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type CertificateRequest, readCertificateRequest } from '../../pki/certificateRequest.ts';

export const hasCondition = ({ status }: api.CertificateSigningRequest, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type) ?? false;

export const isApproved = (request: api.CertificateSigningRequest): boolean =>
  hasCondition(request, 'Approved') && !hasCondition(request, 'Denied');

export const isDecided = (request: api.CertificateSigningRequest): boolean =>
  hasCondition(request, 'Approved') || hasCondition(request, 'Denied');

/** The request with one more condition. */
export function withCondition(
  request: api.CertificateSigningRequest,
  condition: { type: string; reason: string; message: string },
  now: number,
): api.CertificateSigningRequest {
  const time = formatTime(now);
  const added = { ...condition, status: 'True', lastUpdateTime: time, lastTransitionTime: time };
  return { ...request, status: { ...request.status, conditions: [...(request.status?.conditions ?? []), added] } };
}

/** The PKCS #10 in it; undefined for what is none. */
export const requestOf = ({ spec }: api.CertificateSigningRequest): CertificateRequest | undefined =>
  readCertificateRequest(Buffer.from(spec?.request ?? '', 'base64').toString('latin1'));
