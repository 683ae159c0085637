/** Says on the pod itself which of its containers only stand in for an image that has no behaviour here. */
import type * as api from '#common/schema/generated/types.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { Client } from '../../client/client.ts';
import type { ContainerRecord } from '../container/containerRecord.ts';

/** The names of the containers, separated by commas. */
export const standInAnnotation = 'playground.kube/no-simulated-behaviour';

/** Writes the annotation when it is not there yet. */
export async function noteStandIns(client: Client, pod: api.Pod, records: Iterable<ContainerRecord>): Promise<void> {
  const names: string[] = [];
  for (const { name, running } of records) if (running?.standIn) names.push(name);
  if (names.length === 0) return;
  const text = names.sort().join(',');
  const { namespace = '', name = '', annotations } = pod.metadata;
  if (annotations?.[standInAnnotation] === text) return;
  await client.patch(Pod, { namespace, name }, 'merge', { metadata: { annotations: { [standInAnnotation]: text } } });
}
