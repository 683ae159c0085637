/** A namespace full of objects of several kinds: the time from its deletion until nothing of it is left. */
import { startLargeCluster } from './largeCluster.ts';

const namespaces = '/api/v1/namespaces';
const atOnce = 64;

/** Seconds. The objects are ConfigMaps, Secrets, Services and ServiceAccounts in equal parts. */
export async function secondsToDeleteNamespace(objects: number): Promise<number> {
  const cluster = await startLargeCluster(1);
  const { api } = cluster;
  try {
    await api.send('POST', namespaces, { metadata: { name: 'full' } });
    const kinds: [plural: string, body: object][] = [
      ['configmaps', { data: { a: '1' } }],
      ['secrets', { stringData: { a: '1' } }],
      ['serviceaccounts', {}],
      ['services', { spec: { clusterIP: 'None', selector: { app: 'x' } } }],
    ];
    let made = 0;
    const make = async (): Promise<void> => {
      for (let i = made++; i < objects; i = made++) {
        const [plural, body] = kinds[i % kinds.length] as [string, object];
        await api.send('POST', `${namespaces}/full/${plural}`, { metadata: { name: `object-${i}` }, ...body });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, make));
    const from = performance.now();
    await api.send('DELETE', `${namespaces}/full`);
    const isGone = (type: string): boolean => type === 'DELETED';
    await api.watch(`${namespaces}?watch=true&fieldSelector=metadata.name%3Dfull`, isGone, AbortSignal.timeout(300_000));
    return (performance.now() - from) / 1000;
  } finally {
    await cluster.stop();
  }
}
