/** Kinds that are answered and never stored: reviews, bindings, component statuses. */
import type { Authenticator } from './authentication/authenticator.ts';
import type { RbacAuthorizer } from './authorization/rbac.ts';
import type { Exchange } from './http/exchange.ts';
import type { Resource } from './registry/registry.ts';
import type { SubresourceContext } from './subresources/subresource.ts';

export interface VirtualContext extends SubresourceContext {
  readonly authenticator: Authenticator;
  readonly rbac: RbacAuthorizer;
}

export type VirtualHandler = (exchange: Exchange, resource: Resource, context: VirtualContext) => Promise<void>;

const handlers = new Map<string, VirtualHandler>();

export const virtualHandler = ({ kind }: Resource): VirtualHandler | undefined => handlers.get(`${kind.group}/${kind.kind}`);
