/** What a new pod's author is told besides the answer; updates are silent. */
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { podSpecWarnings } from '../podSpec/warnings.ts';

export function podWarnings(pod: api.Pod, old: api.Pod | undefined): string[] {
  if (old || !pod.spec) return [];
  const problems = pod.metadata.name ? dns1123LabelErrors(pod.metadata.name) : [];
  const text =
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  const name = problems.length ? [`${text}: [${problems.join(' ')}]`] : [];
  return podSpecWarnings(pod.spec, pod.metadata, { spec: 'spec', metadata: 'metadata' }, name);
}
