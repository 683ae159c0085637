/** Where the objects of a kind are served, as the cluster's discovery tells it: custom resources included. */
import type { ApiClient } from './apiClient.ts';
import { resourcePath } from './apiPath.ts';
import { type ApiResource, discoverVersion } from './discovery.ts';

export interface ObjectAddress {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export class Resources {
  readonly #api: ApiClient;
  readonly #lists = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The object's path, or undefined when the cluster has no such kind. What is namespaced is in `default` if nothing is said. */
  async pathOf({ apiVersion, kind, namespace, name }: ObjectAddress): Promise<string | undefined> {
    const resource = await this.find(apiVersion, kind);
    if (!resource) return undefined;
    return resourcePath(apiVersion, resource.plural, resource.namespaced ? namespace || 'default' : undefined, name);
  }

  async find(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const known = this.#lists.get(apiVersion);
    const remembered = await known?.then((list) => list.find((resource) => resource.kind === kind));
    if (remembered) return remembered;
    // Its definition may have come since: what is remembered says nothing of it. Who asks at the same time shares the answer.
    const pending = this.#lists.get(apiVersion);
    const latest = pending && pending !== known ? pending : this.#discover(apiVersion);
    return (await latest).find((resource) => resource.kind === kind);
  }

  #discover(apiVersion: string): Promise<readonly ApiResource[]> {
    const pending = discoverVersion(this.#api, apiVersion);
    this.#lists.set(apiVersion, pending);
    // A failure is not kept; whoever asked is told of it.
    pending.catch(() => this.#lists.get(apiVersion) === pending && this.#lists.delete(apiVersion));
    return pending;
  }
}
