/** A server that was not reached, or that did not speak as one: said in plain words, with the cause's code for programs. */

export class ConnectionError extends Error {
  /** Node's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED` …), or `BAD_ANSWER` for what no Kubernetes API says. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConnectionError';
    this.code = code;
  }
}

const sentences: Readonly<Record<string, (server: string) => string>> = {
  ECONNREFUSED: (server) => `Nothing answers at ${server}.`,
  ECONNRESET: (server) => `${server} ended the connection.`,
  EPIPE: (server) => `${server} ended the connection.`,
  ETIMEDOUT: (server) => `${server} does not answer.`,
  EHOSTUNREACH: (server) => `There is no way to ${server} from here.`,
  ENETUNREACH: (server) => `There is no way to ${server} from here.`,
  ENOTFOUND: (server) => `The name of ${server} is not known here.`,
  EAI_AGAIN: (server) => `The name of ${server} cannot be looked up at the moment.`,
  CERT_HAS_EXPIRED: (server) => `The certificate of ${server} has expired.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (server) => `The certificate of ${server} is for another name.`,
  EPROTO: (server) => `${server} does not speak TLS as it is wanted.`,
};
const unproven = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/** What a failed request means; ends and errors that are none of the connection's are given back as they are. */
export function connectionError(server: string, error: unknown): Error {
  if (!(error instanceof Error)) return new ConnectionError('UNKNOWN', String(error), error);
  const { code } = error as NodeJS.ErrnoException;
  if (
    error instanceof ConnectionError ||
    error.name === 'AbortError' ||
    error.name === 'TimeoutError' ||
    typeof code !== 'string'
  )
    return error;
  const sentence = unproven.has(code)
    ? `The certificate of ${server} is not signed by an authority that the kubeconfig trusts.`
    : sentences[code]?.(server);
  return new ConnectionError(code, sentence ?? `${server} cannot be reached: ${error.message}`, error);
}

export const badAnswer = (server: string, cause: unknown): ConnectionError =>
  new ConnectionError('BAD_ANSWER', `What answers at ${server} is no Kubernetes API.`, cause);
