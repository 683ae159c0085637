/** SelfSubjectReview: who does the API server take me for? `kubectl auth whoami` prints it. */
import type { KubeObject } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../registry/registry.ts';
import { readReview, sendReview } from '../reviewBody.ts';
import { userInfoOf } from './tokenReview.ts';

export async function createSelfSubjectReview(
  exchange: Exchange,
  resource: Resource,
  { clock }: { clock: Clock },
): Promise<void> {
  const { apiVersion, kind } = await readReview<KubeObject>(exchange, resource);
  sendReview(exchange, {
    kind,
    apiVersion,
    metadata: { creationTimestamp: formatTime(clock.now()) },
    status: { userInfo: userInfoOf(exchange.user) },
  });
}
