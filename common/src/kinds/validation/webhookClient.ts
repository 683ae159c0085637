/** How a webhook is reached: by URL, or through a Service. Conversion webhooks of CRDs follow the same rules. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, portNumberErrors } from '#common/api/names.ts';

export interface WebhookClient {
  url?: string;
  service?: { name?: string; namespace?: string; path?: string; port?: number };
}

const format = '; desired format: https://host[/path]';

export function validateWebhookClient(client: WebhookClient | undefined, path: FieldPath): FieldError[] {
  const { url, service } = client ?? {};
  if ((url === undefined) === (service === undefined)) return [required(path, 'exactly one of url or service is required')];
  return url === undefined ? validateService(service ?? {}, path.child('service')) : validateUrl(url, path.child('url'));
}

function validateUrl(url: string, path: FieldPath): FieldError[] {
  const [, scheme, rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?([^]*)$/.exec(url) ?? [];
  if (scheme === undefined && /^[^/?#]*:/.test(rest)) {
    const why = rest.startsWith(':') ? 'missing protocol scheme' : 'first path segment in URL cannot contain colon';
    return [required(path, `url must be a valid URL: parse ${JSON.stringify(url)}: ${why}${format}`)];
  }
  const [, authority = '', tail = ''] = /^\/\/([^/?#]*)([^]*)$/.exec(rest) ?? [];
  const [, query = '', fragment = ''] = /^[^?#]*(?:\?([^#]*))?(?:#([^]*))?$/.exec(tail || rest) ?? [];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const errors: FieldError[] = [];
  const lower = (scheme ?? '').toLowerCase();
  if (lower !== 'https') errors.push(invalid(path, lower, `'https' is the only allowed URL scheme${format}`));
  if (!host) errors.push(invalid(path, host, `host must be specified${format}`));
  if (at >= 0) errors.push(invalid(path, authority.slice(0, at), 'user information is not permitted in the URL'));
  if (fragment) errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query) errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
  return errors;
}

function validateService(service: NonNullable<WebhookClient['service']>, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!service.name) errors.push(required(path.child('name')));
  if (!service.namespace) errors.push(required(path.child('namespace')));
  const port = service.port ?? 443;
  for (const problem of portNumberErrors(port)) errors.push(invalid(path.child('port'), port, `port is not valid: ${problem}`));
  const urlPath = service.path;
  if (urlPath === undefined || urlPath === '/') return errors;
  const at = path.child('path');
  if (urlPath === '//') return [...errors, invalid(at, urlPath, 'segment[0] may not be empty')];
  if (!urlPath.startsWith('/')) errors.push(invalid(at, urlPath, "must start with a '/'"));
  const steps = (urlPath.endsWith('/') ? urlPath.slice(1, -1) : urlPath.slice(1)).split('/');
  steps.forEach((step, i) => {
    if (!step) errors.push(invalid(at, urlPath, `segment[${i}] may not be empty`));
    else for (const problem of dns1123SubdomainErrors(step)) errors.push(invalid(at, urlPath, `segment[${i}]: ${problem}`));
  });
  return errors;
}
