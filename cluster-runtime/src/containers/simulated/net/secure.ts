/** TLS over a connection of the cluster's network, for programs that speak to the API server. */
import type { Duplex } from 'node:stream';

/** The handshake failed. `certificate`: with what the server showed; `name`: that is for another name. */
export class TlsError extends Error {
  readonly kind: 'certificate' | 'name' | 'protocol';
  constructor(kind: 'certificate' | 'name' | 'protocol', message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface SecureOptions {
  /** The name or address that the certificate has to be for. */
  readonly host: string;
  /** Certificates to trust, PEM. Without them no server is trusted: nothing in a cluster has a certificate of the world's. */
  readonly ca: string | undefined;
  /** Whether the certificate matters at all. */
  readonly verify: boolean;
}

/** Resolves after the handshake. Throws TlsError, and the socket is gone then. */
export async function secure(socket: Duplex, { host, ca, verify }: SecureOptions): Promise<Duplex> {
  const { connect } = await import('node:tls');
  const { isIP } = await import('node:net');
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      ca: ca === undefined ? [] : [ca],
      rejectUnauthorized: verify,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) ? {} : { servername: host }),
    });
    const fail = (error: NodeJS.ErrnoException): void => {
      secured.destroy();
      const kind =
        error.code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? 'name' : secured.authorizationError ? 'certificate' : 'protocol';
      reject(new TlsError(kind, error.message));
    };
    secured.once('error', fail);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      resolve(secured);
    });
  });
}
