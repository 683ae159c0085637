/**
 * The API server's edge: the stations of a request in the order it passes them. Address → who asks → on whose behalf →
 * may they → which resource → which verb. Every station throws an ApiError to end the journey.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { ApiError, notFound, pathNotFound } from '#common/api/status.ts';
import { type Clock, RealClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import type { NodeStreams } from '../containers/containerRuntime.ts';
import type { Store } from '../store/store.ts';
import type { Authenticator } from './authentication/authenticator.ts';
import { impersonate } from './authentication/impersonation.ts';
import type { ServiceAccountTokens } from './authentication/serviceAccountTokens.ts';
import { type Authorizer, attributesOf, forbiddenFor, withSuperusers } from './authorization/authorizer.ts';
import { RbacAuthorizer } from './authorization/rbac.ts';
import { deprecationWarning } from './deprecations.ts';
import type { DocumentSource } from './documents.ts';
import type { HealthCheck } from './health.ts';
import { Exchange } from './http/exchange.ts';
import { HttpServer, type ServingCertificates, type Upgrade } from './http/httpServer.ts';
import { emptyQuery, Query } from './http/query.ts';
import { ListCache } from './listCache.ts';
import { type Gauge, RequestMetrics } from './metrics.ts';
import { handleNonResource, type NonResourceContext } from './nonResourceHandlers.ts';
import type { ObjectSources } from './objectSource.ts';
import type { Registry } from './registry/registry.ts';
import { parseRequestInfo } from './requestInfo.ts';
import { handleResource, type ResourceHandlerContext } from './resourceHandlers.ts';
import { BuiltInGroups, methodNotAllowedHere, methodsOf, sendNotServed } from './routes.ts';
import { subresourceOf } from './subresources/allSubresources.ts';
import type { Connect, SubresourceContext } from './subresources/subresource.ts';
import { virtualHandler } from './virtualResources.ts';
import { WatchHub } from './watchStream.ts';

export interface ApiServerOptions {
  readonly ctx: Context;
  readonly registry: Registry;
  readonly store: Pick<Store, 'revision' | 'flush'>;
  /** Where exec, attach, logs and port-forward reach containers. */
  readonly streams: NodeStreams;
  readonly authenticator: Authenticator;
  /** Shared with admission, which asks it whether a role grants more than its author has. Made here when absent. */
  readonly rbac?: RbacAuthorizer;
  /** Who judges those that are no superusers; `rbac` alone unless said. */
  readonly authorizer?: Authorizer;
  readonly serviceAccountTokens: ServiceAccountTokens;
  readonly certificates: ServingCertificates;
  readonly discovery: DocumentSource;
  readonly openapi: DocumentSource;
  /** For the proxy subresources; without it they reach pods alone, through `streams`. */
  readonly connect?: Connect;
  readonly healthChecks?: readonly HealthCheck[];
  readonly gauges?: readonly Gauge[];
  /** Who answers for kinds that are not stored. */
  readonly sources?: ObjectSources;
  /** The time of connections (bookmarks, watch timeouts); real unless a test says otherwise. */
  readonly wireClock?: Clock;
}

export interface ApiServer {
  /** Port 0 takes any free one. */
  listen(port: number): Promise<{ port: number }>;
  close(): Promise<void>;
}

export function createApiServer(options: ApiServerOptions): ApiServer {
  const edge = new Edge(options);
  const server = new HttpServer(options.certificates, (request, response, upgrade) => edge.accept(request, response, upgrade));
  return {
    listen: (port) => server.listen(port),
    async close() {
      edge.close();
      await server.close();
    },
  };
}

const noSources: ObjectSources = new Map();

class Edge {
  readonly #options: ApiServerOptions;
  readonly #rbac: RbacAuthorizer;
  readonly #authorizer: Authorizer;
  readonly #groups: BuiltInGroups;
  readonly #watches: WatchHub;
  readonly #metrics: RequestMetrics;
  readonly #resourceContext: ResourceHandlerContext;
  readonly #subresourceContext: SubresourceContext;
  readonly #nonResourceContext: NonResourceContext;

  constructor(options: ApiServerOptions) {
    const { ctx, registry, store, serviceAccountTokens } = options;
    this.#options = options;
    this.#rbac = options.rbac ?? new RbacAuthorizer(registry);
    this.#authorizer = withSuperusers(options.authorizer ?? this.#rbac);
    this.#groups = new BuiltInGroups(registry);
    this.#watches = new WatchHub({
      wireClock: options.wireClock ?? new RealClock(),
      clusterClock: ctx.clock,
      random: ctx.random,
      store,
    });
    this.#metrics = new RequestMetrics([
      { name: 'apiserver_storage_revision', help: 'The revision of the latest write.', read: () => store.revision },
      { name: 'apiserver_longrunning_requests', help: 'Watches that are open.', read: () => this.#watches.openStreams },
      ...(options.gauges ?? []),
    ]);
    this.#resourceContext = {
      clock: ctx.clock,
      watches: this.#watches,
      authorizer: this.#authorizer,
      lists: new ListCache(() => store.revision),
    };
    this.#subresourceContext = {
      ...this.#resourceContext,
      ctx,
      registry,
      streams: options.streams,
      serviceAccountTokens,
      ...(options.connect ? { connect: options.connect } : {}),
    };
    this.#nonResourceContext = {
      registry,
      groups: this.#groups,
      discovery: options.discovery,
      openapi: options.openapi,
      metrics: this.#metrics,
      healthChecks: options.healthChecks ?? [],
      serviceAccountTokens,
    };
  }

  /** Takes a request from the socket; never throws. */
  accept(request: IncomingMessage, response: ServerResponse, upgrade: Upgrade | undefined): void {
    const startedAt = performance.now();
    const { url = '/', method = 'GET' } = request;
    const mark = url.indexOf('?');
    const query = mark < 0 ? emptyQuery : new Query(url.slice(mark + 1));
    const path = decodePath(mark < 0 ? url : url.slice(0, mark));
    if (path === undefined) {
      response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' }).end('400 Bad Request');
      return;
    }
    const exchange = new Exchange(request, response, parseRequestInfo(method, path, query), query, upgrade);
    exchange.onAnswered = (status, info) => this.#metrics.record(info, status, startedAt);
    this.#serve(exchange).catch((error: unknown) => {
      if (!(error instanceof ApiError)) {
        this.#options.ctx.log.error('a request failed', { path, method, error: String((error as Error)?.stack ?? error) });
      }
      exchange.sendError(error);
    });
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { request, info } = exchange;
    const user = this.#options.authenticator.authenticate(request);
    exchange.user = impersonate(request, user, info, this.#authorizer);
    const attributes = attributesOf(exchange.user, info);
    const decision = this.#authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenFor(attributes, decision);
    if (!info.isResource) return handleNonResource(exchange, this.#nonResourceContext);

    const resource = info.malformed ? undefined : this.#options.registry.resource(info.group, info.version, info.resource);
    if (!resource) return sendNotServed(exchange, this.#groups);
    const subresource = info.subresource ? subresourceOf(resource, info.subresource) : undefined;
    const methods = methodsOf(info, resource, subresource);
    if (!methods) {
      if (!resource.custom) throw pathNotFound();
      if (info.subresource) throw notFound({ group: info.group, resource: info.resource }, info.name);
      return sendNotServed(exchange, this.#groups);
    }
    exchange.served = true;
    if (!methods.includes(exchange.method)) throw methodNotAllowedHere();
    const warning = deprecationWarning(resource);
    if (warning) exchange.warn(warning);
    if (subresource) return subresource.handle(exchange, resource, this.#subresourceContext);
    const virtual = resource.kind.virtual ? virtualHandler(resource, this.#options.sources ?? noSources) : undefined;
    if (virtual)
      return virtual(exchange, resource, {
        ...this.#subresourceContext,
        authorizer: this.#authorizer,
        rbac: this.#rbac,
        authenticator: this.#options.authenticator,
      });
    return handleResource(exchange, resource, this.#resourceContext);
  }

  close(): void {
    this.#watches.closeAll();
    this.#rbac.dispose();
  }
}

/** The path with its escapes resolved; undefined when they are broken. */
function decodePath(path: string): string | undefined {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
