/** Where Services answer on this machine. */
import { request } from 'node:http';
import type { Service, ServiceList } from '#common/schema/generated/types.ts';
import type { ApiConnection } from './apiConnection.ts';

/** The node ports of a Service, as addresses. */
export function urlsOf(service: Service): { url: string; port: NonNullable<NonNullable<Service['spec']>['ports']>[number] }[] {
  return (service.spec?.ports ?? [])
    .filter((port) => port.nodePort !== undefined && (port.protocol ?? 'TCP') === 'TCP')
    .map((port) => ({
      url: `${port.port === 443 || port.name === 'https' ? 'https' : 'http'}://127.0.0.1:${port.nodePort}`,
      port,
    }));
}

/** Those of the cluster's node ports that answer HTTP now, in the order of their ports. */
export async function answeringUrls(api: ApiConnection): Promise<{ url: string; name: string }[]> {
  const { items } = await api.get<ServiceList>('/api/v1/services');
  const candidates = items
    .flatMap((service) =>
      urlsOf(service).map(({ url, port }) => {
        const { namespace, name = '' } = service.metadata;
        return { url, name: namespace === 'default' ? name : `${namespace}/${name}`, nodePort: port.nodePort ?? 0 };
      }),
    )
    .sort((a, b) => a.nodePort - b.nodePort);
  const answers = await Promise.all(candidates.map(({ url }) => answers200ish(url)));
  return candidates.filter((_, i) => answers[i]);
}

function answers200ish(url: string): Promise<boolean> {
  if (!url.startsWith('http:')) return Promise.resolve(false);
  return new Promise((resolve) => {
    const req = request(url, { timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve((answer.statusCode ?? 500) < 500);
    });
    req.on('timeout', () => req.destroy());
    req.on('error', () => resolve(false));
    req.end();
  });
}
