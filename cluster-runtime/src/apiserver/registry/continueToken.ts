/** The opaque text that carries a list from one page to the next: the revision of the first page and the next key. */
import { ApiError, badRequest } from '#common/api/status.ts';

interface Token {
  v: string;
  rv: number;
  start: string;
}

const version = 'meta.k8s.io/v1';

export function encodeContinue(revision: number, prefix: string, nextKey: string): string {
  const token: Token = { v: version, rv: revision, start: nextKey.slice(prefix.length) };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Gives the page's revision (undefined: the present one) and its first key. Throws 400. */
export function decodeContinue(text: string, prefix: string): { revision: number | undefined; startKey: string } {
  const refuse = (why: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const raw = Buffer.from(text, 'base64url').toString();
  let token: Partial<Token>;
  try {
    token = JSON.parse(raw) as Partial<Token>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse(`invalid character '${raw.charAt(0)}' looking for beginning of value`);
  }
  if (token.v !== version) throw refuse(`server does not recognize this encoded version ${JSON.stringify(token.v ?? '')}`);
  if (typeof token.start !== 'string' || token.start === '' || typeof token.rv !== 'number') {
    throw refuse('encoded start key empty (version meta.k8s.io/v1)');
  }
  // A start key that climbs out of the resource would list what the caller was not allowed to see.
  if (token.start.split('/').some((part) => part === '..' || part === '.')) throw refuse(token.start);
  return { revision: token.rv > 0 ? token.rv : undefined, startKey: prefix + token.start };
}

/** The page's state is gone. The token in the answer goes on from the same key in the present state. */
export function expiredContinue(prefix: string, startKey: string): ApiError {
  return new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    encodeContinue(-1, prefix, startKey),
  );
}
