/** TokenReview: whose token is this? */
import type { KubeObject } from '#common/api/meta.ts';
import { badRequest } from '#common/api/status.ts';
import type { TokenReview } from '#common/schema/generated/types.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource, User } from '../registry/registry.ts';
import { readReview, sendReview } from '../reviewBody.ts';
import type { Authenticator } from './authenticator.ts';

/** A user as authentication.k8s.io writes it. */
export const userInfoOf = (user: User): Record<string, unknown> => ({
  username: user.name,
  ...(user.uid ? { uid: user.uid } : {}),
  ...(user.groups.length > 0 ? { groups: user.groups } : {}),
  ...(user.extra ? { extra: user.extra } : {}),
});

export async function createTokenReview(
  exchange: Exchange,
  resource: Resource,
  { authenticator }: { authenticator: Authenticator },
): Promise<void> {
  const review = await readReview<TokenReview & KubeObject>(exchange, resource);
  const { token, audiences = [] } = review.spec ?? {};
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const identity = authenticator.reviewToken(token, audiences);
  const status = identity
    ? { authenticated: true, user: userInfoOf(identity.user), audiences: identity.audiences }
    : { user: {}, error: 'invalid bearer token' };
  sendReview(exchange, { ...review, status });
}
