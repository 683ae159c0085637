/** Removes certificate requests that nobody needs any more: an hour after the decision, or a day without one. */
import { X509Certificate } from 'node:crypto';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { CertificateSigningRequest } from '#common/kinds/certificateSigningRequest.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, requeueAt } from '../controller/controller.ts';
import { isDecided } from './certificates/conditions.ts';

const hour = 3_600_000;
const pendingMs = 24 * hour;

export const certificateCleanerController = defineController<api.CertificateSigningRequest>({
  name: 'certificatesigningrequest-cleaner-controller',
  account: 'certificate-controller',
  for: CertificateSigningRequest,
  writes: [CertificateSigningRequest],
  async reconcile(ctx, key) {
    const request = ctx.cache.get(CertificateSigningRequest, key);
    if (!request || request.metadata.deletionTimestamp) return done;
    const due = removalTime(request);
    if (due > ctx.clock.now()) return requeueAt(due);
    try {
      await ctx.client.delete(CertificateSigningRequest, keyOf(request), {
        preconditions: { uid: request.metadata.uid ?? '' },
      });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    return done;
  },
});

/** When the request goes, in ms. */
export function removalTime(request: api.CertificateSigningRequest): number {
  const { conditions = [], certificate } = request.status ?? {};
  const created = parseTime(request.metadata.creationTimestamp) ?? 0;
  if (!isDecided(request)) return created + pendingMs;
  // One that is approved and waits for its certificate waits as long as one without a decision.
  const settled = conditions.filter(({ type }) => type === 'Denied' || type === 'Failed' || (type === 'Approved' && certificate));
  const times = settled.map(({ lastUpdateTime }) => (parseTime(lastUpdateTime) ?? created) + hour);
  return Math.min(...times, certificate ? endOf(certificate) : created + pendingMs);
}

/** When the certificate ends; never for what cannot be read, which a signer of somebody else's may have written. */
function endOf(certificate: string): number {
  const pem = Buffer.from(certificate, 'base64').toString('latin1');
  const [first] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(pem) ?? [];
  try {
    return first === undefined ? Infinity : Date.parse(new X509Certificate(first).validTo);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return Infinity;
    throw error;
  }
}
