/**
 * A webhook that could not be asked, or did not answer as it should; what comes of it is the failure policy's to say. The
 * words are those of Kubernetes, which are those of Go's network and TLS libraries.
 */
import type { TLSSocket } from 'node:tls';
import { isIP } from 'node:net';

export class CallFailure extends Error {}

/** An answer that is no review of the request. */
export const invalidResponse = (why: string): CallFailure => new CallFailure(`received invalid webhook response: ${why}`);

export const failedCall = (why: string): CallFailure => new CallFailure(`failed to call webhook: ${why}`);

/** The certificate of whoever answers is nobody's that the configuration trusts. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

interface NetworkError extends Error {
  readonly code?: unknown;
  readonly errors?: readonly NetworkError[];
  readonly cert?: ReturnType<TLSSocket['getPeerCertificate']>;
}

const dialled: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
  EADDRNOTAVAIL: 'cannot assign requested address',
};

/** What went wrong on the way to `target`, an address with its port; `name` is whom the certificate has to be for. */
export function transportProblem(thrown: NetworkError, target: string, name: string): string {
  const [error = thrown] = thrown.errors ?? [];
  const code = typeof error.code === 'string' ? error.code : '';
  if (Object.hasOwn(dialled, code)) return `dial tcp ${target}: connect: ${dialled[code]}`;
  if (untrusted.has(code)) return tlsProblem('certificate signed by unknown authority');
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return tlsProblem('certificate has expired or is not yet valid');
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return tlsProblem(nameProblem(error.cert?.subjectaltname, name));
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO') {
    return 'http: server gave HTTP response to HTTPS client';
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'EOF';
  if (code.startsWith('HPE_')) return `net/http: HTTP/1.x transport connection broken: malformed HTTP response`;
  return error.message;
}

const tlsProblem = (why: string): string => `tls: failed to verify certificate: x509: ${why}`;

/** `alternatives` as Node prints a certificate's names: `DNS:localhost, IP Address:127.0.0.1`. */
function nameProblem(alternatives: string | undefined, name: string): string {
  const of = (kind: string): string[] =>
    (alternatives ?? '').split(', ').flatMap((entry) => (entry.startsWith(`${kind}:`) ? [entry.slice(kind.length + 1)] : []));
  const [names, addresses] = [of('DNS'), of('IP Address')];
  if (isIP(name)) {
    if (addresses.length === 0) return `cannot validate certificate for ${name} because it doesn't contain any IP SANs`;
    return `certificate is valid for ${addresses.join(', ')}, not ${name}`;
  }
  if (!alternatives) return 'certificate relies on legacy Common Name field, use SANs instead';
  if (names.length === 0) return `certificate is not valid for any names, but wanted to match ${name}`;
  return `certificate is valid for ${names.join(', ')}, not ${name}`;
}

const texts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  415: 'the body of the request was in an unknown format - accepted media types include: ',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** What an answer with another status than success says: a Status in its own words, others in those of Kubernetes' client. */
export function statusProblem(code: number, body: string): string {
  const own = statusMessage(body);
  if (own !== undefined) return own;
  const said = body.trim() || 'unknown';
  if (code === 403) return said;
  return (
    texts[code] ??
    (code >= 500
      ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
      : `the server responded with the status code ${code} but did not return more information`)
  );
}

function statusMessage(body: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const { kind, status, message } = JSON.parse(body) as { kind?: unknown; status?: unknown; message?: unknown };
    return kind === 'Status' && status !== 'Success' && typeof message === 'string' ? message : undefined;
  } catch {
    // Whatever it is, it is no Status.
    return undefined;
  }
}
