/** Signs approved certificate requests with the cluster's CA, and says of those that their signer refuses why. */
import { CertificateSigningRequest } from '#common/kinds/certificateSigningRequest.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type ControllerDefinition, defineController, done } from '../controller/controller.ts';
import { type Signer, signRequest } from '../pki/signRequest.ts';
import { hasCondition, isApproved, requestOf, withCondition } from './certificates/conditions.ts';
import { isOwnSigner, signerProblem } from './certificates/signers.ts';

export interface CertificateSigning {
  readonly ca: Signer;
  /** Real milliseconds: clients check certificates by their own clocks, whatever the cluster's says. */
  readonly wallTime: () => number;
}

const hour = 3_600_000;
const longestDuration = 365 * 24 * hour;
const shortestSeconds = 600;

export const certificateSigningController = ({ ca, wallTime }: CertificateSigning): ControllerDefinition =>
  defineController<api.CertificateSigningRequest>({
    name: 'certificatesigningrequest-signing-controller',
    account: 'certificate-controller',
    for: CertificateSigningRequest,
    writes: [CertificateSigningRequest],
    concurrency: 5,
    async reconcile(ctx, key) {
      const csr = ctx.cache.get(CertificateSigningRequest, key);
      if (!csr || !awaitsSigning(csr)) return done;
      const { signerName = '', usages = [], expirationSeconds } = csr.spec ?? {};
      const request = requestOf(csr);
      const problem = request ? signerProblem(signerName, request, usages) : 'the request is malformed or not signed by its key';
      if (problem !== undefined || !request) {
        const failed = { type: 'Failed', reason: 'SignerValidationFailure', message: problem ?? '' };
        await ctx.client.updateStatus(CertificateSigningRequest, withCondition(csr, failed, ctx.clock.now()));
        return done;
      }
      const certificate = signRequest(ca, { request, usages, duration: durationOf(expirationSeconds), now: wallTime() });
      await ctx.client.updateStatus(CertificateSigningRequest, {
        ...csr,
        status: { ...csr.status, certificate: Buffer.from(certificate).toString('base64') },
      });
      return done;
    },
  });

export const awaitsSigning = (csr: api.CertificateSigningRequest): boolean =>
  isOwnSigner(csr.spec?.signerName ?? '') && isApproved(csr) && !hasCondition(csr, 'Failed') && !csr.status?.certificate;

/** As long as asked, but no longer than the signer gives, and no shorter than it makes sense. */
function durationOf(seconds: number | undefined): number {
  return seconds === undefined ? longestDuration : Math.min(Math.max(seconds, shortestSeconds) * 1000, longestDuration);
}
