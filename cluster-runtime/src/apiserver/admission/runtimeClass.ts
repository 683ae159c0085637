/** Brings a pod's RuntimeClass to bear: what its sandbox costs, and which nodes have it. */
import { deepEqual } from '#common/base/freeze.ts';
import { forbiddenError } from '#common/api/status.ts';
import { RuntimeClass } from '#common/kinds/runtimeClass.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';
import { createsPod } from './podRequest.ts';

export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  handles: createsPod,
  mutate({ object, name }, state) {
    const { spec, metadata } = object as Pod;
    if (!spec) return;
    const refuse = (why: string): never => {
      throw forbiddenError({ group: '', resource: 'pods' }, name || (metadata.generateName ?? ''), why);
    };
    const wanted = spec.runtimeClassName;
    const found = wanted ? state.get(RuntimeClass, '', wanted) : undefined;
    if (wanted && !found) refuse(`pod rejected: RuntimeClass "${wanted}" not found`);
    const overhead = found?.overhead?.podFixed;
    if (spec.overhead && !deepEqual(spec.overhead, overhead)) {
      refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    if (overhead) spec.overhead = { ...overhead };
    const { nodeSelector = {}, tolerations = [] } = found?.scheduling ?? {};
    for (const [key, value] of Object.entries(nodeSelector)) {
      const own = spec.nodeSelector?.[key];
      if (own !== undefined && own !== value)
        refuse(`conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
      spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
    }
    const added = tolerations.filter((toleration) => !spec.tolerations?.some((present) => deepEqual(present, toleration)));
    if (added.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...added];
  },
};
