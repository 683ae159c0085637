/**
 * Who asks: a client certificate that the cluster's CA signed, a static bearer token, a service account's token, or the
 * bootstrap token of a machine that joins.
 * A request that brings none of them is anonymous; one that brings a token nobody knows is refused.
 */
import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { unauthorized } from '#common/api/status.ts';
import type { User } from '../registry/registry.ts';
import type { BootstrapTokens } from './bootstrapTokens.ts';
import type { ServiceAccountTokens } from './serviceAccountTokens.ts';

export const allAuthenticated = 'system:authenticated';
export const allUnauthenticated = 'system:unauthenticated';

export const anonymous: User = { name: 'system:anonymous', groups: [allUnauthenticated] };

/** Who a token belongs to, and for which of the asked audiences it is good. */
export interface TokenIdentity {
  readonly user: User;
  readonly audiences: readonly string[];
}

export interface Authenticator {
  /** The user, anonymous included. Throws 401. */
  authenticate(request: IncomingMessage): User;
  /** What TokenReview answers; undefined when the token is good for none of `audiences`. */
  reviewToken(token: string, audiences: readonly string[]): TokenIdentity | undefined;
}

export interface StaticToken {
  readonly token: string;
  readonly user: User;
}

export interface AuthenticatorOptions {
  readonly staticTokens?: readonly StaticToken[];
  readonly serviceAccountTokens?: ServiceAccountTokens;
  readonly bootstrapTokens?: BootstrapTokens;
  /** The audience of tokens that are meant for this API server. */
  readonly apiAudience?: string;
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

const withAuthenticated = (user: User): User =>
  user.groups.includes(allAuthenticated) || user.groups.includes(allUnauthenticated)
    ? user
    : { ...user, groups: [...user.groups, allAuthenticated] };

/** The token of a WebSocket that a browser opened: browsers cannot set headers, so it comes as a subprotocol. */
const webSocketTokenPrefix = 'base64url.bearer.authorization.k8s.io.';

function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    // The scheme is compared without case, as in HTTP; other schemes are not for us.
    if (header.length < 7 || header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
    return header.slice(7).trim() || undefined;
  }
  const protocols = request.headers['sec-websocket-protocol'];
  if (!protocols?.includes(webSocketTokenPrefix)) return undefined;
  const protocol = protocols.split(',').find((p) => p.trim().startsWith(webSocketTokenPrefix));
  return protocol && Buffer.from(protocol.trim().slice(webSocketTokenPrefix.length), 'base64url').toString();
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const audience = options.apiAudience ?? 'https://kubernetes.default.svc';
  const statics = (options.staticTokens ?? []).map(({ token, user }) => ({
    digest: digest(token),
    user: withAuthenticated(user),
  }));
  // Headers repeat with every request of a client; the digest of a header is worked out once.
  const known = new Map<string, User>();
  const bySocket = new WeakMap<TLSSocket, CertificateIdentity>();

  function staticUser(token: string): User | undefined {
    const cached = known.get(token);
    if (cached) return cached;
    const given = digest(token);
    const match = statics.find((candidate) => timingSafeEqual(candidate.digest, given));
    if (match) known.set(token, match.user);
    return match?.user;
  }

  function certificateIdentity(request: IncomingMessage): CertificateIdentity {
    const { socket } = request;
    if (!(socket instanceof TLSSocket)) return nobody;
    let seen = bySocket.get(socket);
    if (!seen) bySocket.set(socket, (seen = identityOf(socket)));
    return seen;
  }

  function tokenIdentity(token: string, audiences: readonly string[]): TokenIdentity | undefined {
    const user = staticUser(token);
    // A static token has no audience of its own: it is the API server's.
    if (user) return audiences.includes(audience) ? { user, audiences: [audience] } : undefined;
    const verified = options.serviceAccountTokens?.authenticate(token, audiences);
    if (verified) return { user: withAuthenticated(verified.user), audiences: verified.audiences };
    const joining = options.bootstrapTokens?.authenticate(token);
    return joining && audiences.includes(audience) ? { user: withAuthenticated(joining), audiences: [audience] } : undefined;
  }

  return {
    authenticate(request) {
      const { user, refused } = certificateIdentity(request);
      if (user) return user;
      const token = bearerToken(request);
      if (token === undefined && refused) throw unauthorized();
      if (token === undefined) return anonymous;
      const identity = tokenIdentity(token, [audience]);
      if (!identity) throw unauthorized();
      return identity.user;
    },
    reviewToken: (token, audiences) => tokenIdentity(token, audiences.length > 0 ? audiences : [audience]),
  };
}

/** Who a connection's certificate says it is. `refused`: there is one, and it proves nothing. */
interface CertificateIdentity {
  readonly user: User | undefined;
  readonly refused: boolean;
}

const nobody: CertificateIdentity = { user: undefined, refused: false };

function identityOf(socket: TLSSocket): CertificateIdentity {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return nobody;
  const user = socket.authorized ? userOfCertificate(certificate) : undefined;
  return { user, refused: user === undefined };
}

/** The common name is the user, the organisations are the groups. */
function userOfCertificate(certificate: X509Certificate): User | undefined {
  const parts = certificate.subject.split('\n').map((line) => {
    const equals = line.indexOf('=');
    return { key: line.slice(0, equals), value: line.slice(equals + 1) };
  });
  const name = parts.find((part) => part.key === 'CN')?.value;
  if (!name) return undefined;
  const groups = parts.filter((part) => part.key === 'O').map((part) => part.value);
  const id = `X509SHA256=${createHash('sha256').update(certificate.raw).digest('hex')}`;
  return withAuthenticated({ name, groups, extra: { 'authentication.kubernetes.io/credential-id': [id] } });
}
