/** Everything that is no resource: health, version, metrics, discovery, OpenAPI, the keys of tokens, the list of paths. */
import { badRequest, pathNotFound } from '#common/api/status.ts';
import type { ServiceAccountTokens } from './authentication/serviceAccountTokens.ts';
import type { DocumentSource } from './documents.ts';
import { handleHealth, type HealthCheck } from './health.ts';
import { type Exchange, sendPageNotFound } from './http/exchange.ts';
import type { RequestMetrics } from './metrics.ts';
import { acceptedTypes, negotiateError, notAcceptableRepresentation, onlyAccepted, parseAccept } from './negotiation.ts';
import type { Registry } from './registry/registry.ts';
import { type BuiltInGroups, methodNotAllowedHere } from './routes.ts';
import { versionInfo } from './version.ts';

export interface NonResourceContext {
  readonly registry: Registry;
  readonly groups: BuiltInGroups;
  readonly discovery: DocumentSource;
  readonly openapi: DocumentSource;
  readonly metrics: RequestMetrics;
  readonly healthChecks: readonly HealthCheck[];
  readonly serviceAccountTokens: ServiceAccountTokens;
}

export async function handleNonResource(exchange: Exchange, context: NonResourceContext): Promise<void> {
  const { path } = exchange.info;
  const [, first = ''] = path.split('/', 2);
  switch (first) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return handleHealth(exchange, context.healthChecks);
    case 'api':
    case 'apis':
      return sendDiscovery(exchange, context);
    case 'openapi':
      return sendDocument(exchange, context.openapi, path);
    default:
      return sendFixed(exchange, context, withoutTrailingSlash(path));
  }
}

function sendFixed(exchange: Exchange, context: NonResourceContext, path: string): void {
  switch (path) {
    case '/version':
      requireGet(exchange);
      if (negotiatesNothing(exchange)) throw notAcceptableRepresentation('application/json');
      return exchange.sendBytes(200, 'application/json', Buffer.from(JSON.stringify(versionInfo, null, 2)));
    case '/metrics':
      return exchange.sendText(200, context.metrics.text(), 'text/plain; version=0.0.4; charset=utf-8');
    case '/.well-known/openid-configuration':
      requireGet(exchange);
      return exchange.sendJson(200, openIdConfiguration(exchange, context.serviceAccountTokens.issuer));
    case '/openid/v1/jwks':
      requireGet(exchange);
      return exchange.sendText(200, JSON.stringify(context.serviceAccountTokens.jwks()), 'application/jwk-set+json');
    case '/':
      return exchange.sendBytes(
        200,
        'application/json',
        Buffer.from(JSON.stringify({ paths: servedPaths(context.registry) }, null, 2)),
      );
    default:
      return sendPageNotFound(exchange);
  }
}

const withoutTrailingSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

function requireGet(exchange: Exchange): void {
  if (exchange.method !== 'GET') throw methodNotAllowedHere();
}

/** True when the Accept header leaves no form that a JSON document could have. */
function negotiatesNothing(exchange: Exchange): boolean {
  const header = exchange.request.headers.accept;
  if (!header) return false;
  const types = parseAccept(header);
  return (
    types.length > 0 && !types.some(({ type }) => type === '*/*' || type === 'application/*' || acceptedTypes.includes(type))
  );
}

async function sendDiscovery(exchange: Exchange, { discovery, groups }: NonResourceContext): Promise<void> {
  const path = withoutTrailingSlash(exchange.info.path);
  const [, root, group = '', version] = path.split('/');
  // The lists of groups are served without a look at the method; all that lies below takes GET alone.
  const anyMethod = root === 'apis' && version === undefined;
  if (negotiatesNothing(exchange)) throw anyMethod ? onlyAccepted(acceptedTypes) : notAcceptableRepresentation(acceptedTypes);
  const answer = exchange.info.malformed ? undefined : await discovery(documentRequest(exchange, path));
  if (!answer) {
    const known = root === 'api' ? path !== '/api' || exchange.info.malformed : groups.has(group);
    if (known) throw pathNotFound();
    return sendPageNotFound(exchange);
  }
  if (!anyMethod) requireGet(exchange);
  sendAnswer(exchange, answer);
}

async function sendDocument(exchange: Exchange, source: DocumentSource, path: string): Promise<void> {
  const answer = await source(documentRequest(exchange, path));
  if (!answer) return sendPageNotFound(exchange);
  sendAnswer(exchange, answer);
}

const documentRequest = (exchange: Exchange, path: string): Parameters<DocumentSource>[0] => ({
  path,
  query: exchange.query,
  accept: exchange.request.headers.accept,
  ifNoneMatch: exchange.request.headers['if-none-match'],
});

function sendAnswer(exchange: Exchange, answer: NonNullable<Awaited<ReturnType<DocumentSource>>>): void {
  const headers = Object.entries(answer.headers ?? {}).flat();
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  if (answer.contentType === 'application/json' && negotiateError(exchange.request.headers.accept) === 'application/yaml') {
    return exchange.sendJson(answer.status, JSON.parse(body.toString()), 'application/yaml');
  }
  exchange.sendBytes(answer.status, answer.contentType, body, headers);
}

function openIdConfiguration(exchange: Exchange, issuer: string): Record<string, unknown> {
  const { host } = exchange.request.headers;
  if (!host) throw badRequest('the Host header is missing');
  return {
    issuer,
    jwks_uri: `https://${host}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

const fixedPaths = [
  '/.well-known/openid-configuration',
  '/api',
  '/api/v1',
  '/apis',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/readyz',
  '/version',
];

function servedPaths(registry: Registry): string[] {
  const paths = new Set(fixedPaths);
  for (const { kind } of registry.resources) {
    if (kind.group) paths.add(`/apis/${kind.group}`).add(`/apis/${kind.group}/${kind.version}`);
  }
  return [...paths].sort();
}
