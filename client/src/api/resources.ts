/** Where the objects of a kind are served, as the cluster's discovery tells it: custom resources included. */
import { hasReason } from '#common/api/status.ts';
import type { ApiClient } from './apiClient.ts';

interface DiscoveredResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ObjectAddress {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export class Resources {
  readonly #api: ApiClient;
  readonly #lists = new Map<string, Promise<readonly DiscoveredResource[]>>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The object's path, or undefined when the cluster has no such kind. What is namespaced is in `default` if nothing is said. */
  async pathOf({ apiVersion, kind, namespace, name }: ObjectAddress): Promise<string | undefined> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.#find(root, kind);
    if (!resource) return undefined;
    const within = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace || 'default')}` : '';
    return `${root}${within}/${resource.name}/${encodeURIComponent(name)}`;
  }

  async #find(root: string, kind: string): Promise<DiscoveredResource | undefined> {
    const pending = this.#lists.get(root) ?? this.#discover(root);
    this.#lists.set(root, pending);
    const found = (await pending).find((resource) => resource.kind === kind && !resource.name.includes('/'));
    // Its definition may come at any time.
    if (!found) this.#lists.delete(root);
    return found;
  }

  async #discover(root: string): Promise<readonly DiscoveredResource[]> {
    try {
      return (await this.#api.get<{ resources: DiscoveredResource[] }>(root)).resources;
    } catch (error) {
      this.#lists.delete(root);
      // A whole group that is not served is answered in plain text.
      if (hasReason(error, 'NotFound') || hasReason(error, '')) return [];
      throw error;
    }
  }
}
