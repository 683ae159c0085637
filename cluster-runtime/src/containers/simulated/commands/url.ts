/** Addresses as people type them for `curl` and `wget`. */

export interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** What the Host header says: the port only when it was written down. */
  readonly hostHeader: string;
  readonly credentials?: string;
}

export function parseTarget(text: string): Target | undefined {
  const match =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/@?#]*)@)?(\[[0-9a-f:]+\]|[^/:?#]+)(?::(\d+))?(\/[^#]*|\?[^#]*)?(?:#.*)?$/i.exec(text);
  if (!match) return undefined;
  const [, scheme = 'http', credentials, host = '', port, rest = '/'] = match;
  if (port !== undefined && Number(port) > 65535) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (scheme.toLowerCase() === 'https' ? 443 : 80) : Number(port),
    path: encodeURI(rest.startsWith('/') ? rest : `/${rest}`).replaceAll('%25', '%'),
    hostHeader: port === undefined ? host : `${host}:${port}`,
    ...(credentials === undefined ? {} : { credentials: decodeURIComponent(credentials) }),
  };
}

/** Where a redirect leads, seen from the page that sent it. */
export function resolveTarget(base: Target, location: string): Target | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseTarget(location);
  return parseTarget(new URL(location, `${base.scheme}://${base.hostHeader}${base.path}`).href);
}
