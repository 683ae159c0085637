/**
 * The environment variables that tell a container where the services of its namespace are. Worked out once per
 * namespace and kept until a Service changes, so that a thousand pods share them.
 */
import { Service } from '#common/kinds/service.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';

export type Variables = Readonly<Record<string, string>>;

export class ServiceEnvironment implements Disposable {
  readonly #cache: Cache;
  readonly #byNamespace = new Map<string, Variables>();
  readonly #watch: Disposable;

  constructor(cache: Cache) {
    this.#cache = cache;
    this.#watch = cache.informer(Service).onChange(({ object }) => {
      // Those of the API server are everywhere.
      if (isApiService(object)) this.#byNamespace.clear();
      else this.#byNamespace.delete(keyOfLinks(object.metadata.namespace ?? ''));
    });
  }

  dispose(): void {
    this.#watch.dispose();
  }

  /** `links` false leaves only the API server's variables. */
  of(namespace: string, links: boolean): Variables {
    const key = links ? keyOfLinks(namespace) : 'api';
    let found = this.#byNamespace.get(key);
    if (!found) {
      const apiService = this.#cache.get(Service, { namespace: 'default', name: 'kubernetes' });
      const services = links ? this.#cache.list(Service, namespace) : [];
      found = Object.freeze(
        Object.assign({}, ...[...(apiService ? [apiService] : []), ...services].map(serviceVariables)) as Variables,
      );
      this.#byNamespace.set(key, found);
    }
    return found;
  }
}

const keyOfLinks = (namespace: string): string => `links/${namespace}`;
const isApiService = (service: api.Service): boolean =>
  service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes';

export function serviceVariables(service: api.Service): Variables {
  const { clusterIP: ip, ports = [], type } = service.spec ?? {};
  if (!ip || ip === 'None' || type === 'ExternalName' || ports.length === 0) return {};
  const name = (service.metadata.name ?? '').toUpperCase().replaceAll('-', '_');
  const first = ports[0] as api.ServicePort;
  const out: Record<string, string> = { [`${name}_SERVICE_HOST`]: ip, [`${name}_SERVICE_PORT`]: String(first.port) };
  for (const port of ports) {
    if (port.name) out[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
  }
  const url = (port: api.ServicePort): string => `${(port.protocol ?? 'TCP').toLowerCase()}://${ip}:${port.port}`;
  out[`${name}_PORT`] = url(first);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    out[prefix] = url(port);
    out[`${prefix}_PROTO`] = protocol.toLowerCase();
    out[`${prefix}_PORT`] = String(port.port);
    out[`${prefix}_ADDR`] = ip;
  }
  return out;
}
