/** Turns a pod's priorityClassName into its priority, and keeps one global default class at most. */
import { forbiddenError } from '#common/api/status.ts';
import { PriorityClass } from '#common/kinds/priorityClass.ts';
import type { Pod, PriorityClass as PriorityClassObject } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionState } from './admission.ts';
import { createsPod, isPod } from './podRequest.ts';

export const priority: AdmissionPlugin = {
  name: 'Priority',
  handles: createsPod,
  mutate(request, state) {
    if (!isPod(request)) return;
    const pod = request.object as Pod;
    const { spec } = pod;
    if (!spec) return;
    const refuse = (why: string): never => {
      throw forbiddenError({ group: '', resource: 'pods' }, request.name || (pod.metadata.generateName ?? ''), why);
    };
    const named = spec.priorityClassName;
    const chosen = named ? state.get(PriorityClass, '', named) : defaultClass(state);
    if (named && !chosen) refuse(`no PriorityClass with name ${named} was found`);
    if (chosen && !named) spec.priorityClassName = chosen.metadata.name ?? '';
    const value = chosen?.value ?? 0;
    if (spec.priority !== undefined && spec.priority !== value) {
      refuse(
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    spec.priority = value;
    const policy = chosen?.preemptionPolicy ?? 'PreemptLowerPriority';
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      refuse(
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    spec.preemptionPolicy = policy;
  },
};

/** Of several global defaults the lowest counts. */
function defaultClass(state: AdmissionState): PriorityClassObject | undefined {
  let lowest: PriorityClassObject | undefined;
  for (const candidate of state.list(PriorityClass)) {
    if (candidate.globalDefault && (!lowest || (candidate.value ?? 0) < (lowest.value ?? 0))) lowest = candidate;
  }
  return lowest;
}
