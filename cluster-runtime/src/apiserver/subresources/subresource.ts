/** What a subresource is: an address below an object, with its methods and what it does. */
import type { Duplex } from 'node:stream';
import type { Context } from '#common/base/context.ts';
import type { NodeStreams } from '../../containers/containerRuntime.ts';
import type { ServiceAccountTokens } from '../authentication/serviceAccountTokens.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Registry, Resource } from '../registry/registry.ts';
import type { ResourceHandlerContext } from '../resourceHandlers.ts';

/** Opens a connection into the cluster's network, from where the API server stands. Throws ConnectionError. */
export type Connect = (ip: string, port: number) => Duplex | Promise<Duplex>;

/** What subresources may use. */
export interface SubresourceContext extends ResourceHandlerContext {
  readonly ctx: Context;
  readonly registry: Registry;
  readonly streams: NodeStreams;
  readonly serviceAccountTokens: ServiceAccountTokens;
  readonly connect?: Connect;
}

export interface Subresource {
  readonly methods: readonly string[];
  /** The address goes on behind the subresource: a proxy's path. */
  readonly takesPath?: boolean;
  handle(exchange: Exchange, resource: Resource, context: SubresourceContext): Promise<void>;
}
