/** Resizing of a pod in place: cpu and memory of its containers, without a change of its quality-of-service class. */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { qosClassOf } from '../podSpec/qosClass.ts';
import { sameValue } from '../validation/values.ts';
import { specPath } from './validation.ts';

const resizable = new Set(['cpu', 'memory']);

/**
 * The pod that a resize asks for: the stored one with the resources of the new one. When the containers do not match, the
 * new lists stay, for validation to refuse.
 */
export function preparePodForResize(pod: api.Pod, old: api.Pod): api.Pod {
  const [spec, oldSpec] = [pod.spec, old.spec];
  if (!spec || !oldSpec) return old;
  return {
    ...old,
    metadata: {
      ...old.metadata,
      managedFields: pod.metadata.managedFields ?? [],
      resourceVersion: pod.metadata.resourceVersion ?? '',
    },
    spec: {
      ...oldSpec,
      containers: resized(spec.containers, oldSpec.containers),
      ...(oldSpec.initContainers ? { initContainers: resized(spec.initContainers ?? [], oldSpec.initContainers) } : {}),
    },
  };
}

function resized(containers: readonly api.Container[], old: readonly api.Container[]): api.Container[] {
  const sameNames = containers.length === old.length && containers.every((container, i) => container.name === old[i]?.name);
  if (!sameNames) return [...containers];
  return old.map((before, i) => {
    const { resources, resizePolicy } = containers[i] ?? {};
    const { resizePolicy: _, ...rest } = before;
    return { ...rest, ...(resources ? { resources } : {}), ...(resizePolicy ? { resizePolicy } : {}) };
  });
}

export function validateResize(pod: api.Pod, old: api.Pod): FieldError[] {
  const errors: FieldError[] = [];
  const [spec, oldSpec] = [pod.spec, old.spec];
  if (!spec || !oldSpec) return errors;
  for (const field of ['containers', 'initContainers'] as const) {
    if ((spec[field]?.length ?? 0) === (oldSpec[field]?.length ?? 0)) continue;
    errors.push(forbidden(specPath.child(field), 'containers may not be added or removed on resize'));
    return errors;
  }
  if (qosClassOf(spec) !== qosClassOf(oldSpec)) {
    const text = 'Pod QOS Class may not change as a result of resizing';
    errors.push(invalid(specPath, pod.status?.qosClass ?? '', text));
  }
  checkRemovals(spec.containers, oldSpec.containers, 'containers', errors);
  checkRemovals(spec.initContainers, oldSpec.initContainers, 'initContainers', errors);
  if (!sameValue(withoutResizable(spec), withoutResizable(oldSpec))) {
    errors.push(forbidden(specPath, 'only cpu and memory resources are mutable'));
  }
  return errors;
}

function checkRemovals(
  containers: readonly api.Container[] | undefined,
  old: readonly api.Container[] | undefined,
  field: string,
  errors: FieldError[],
): void {
  containers?.forEach((container, i) => {
    for (const list of ['limits', 'requests'] as const) {
      const before = Object.keys(old?.[i]?.resources?.[list] ?? {}).filter((name) => resizable.has(name));
      if (before.every((name) => Object.hasOwn(container.resources?.[list] ?? {}, name))) continue;
      const at = specPath.child(field).index(i).child('resources', list);
      errors.push(forbidden(at, `resource ${list} cannot be removed`));
    }
  });
}

function withoutResizable(spec: api.PodSpec): object {
  const strip = (container: api.Container): object => ({
    ...container,
    resources: {
      ...container.resources,
      limits: others(container.resources?.limits),
      requests: others(container.resources?.requests),
    },
  });
  return { ...spec, containers: spec.containers?.map(strip), initContainers: spec.initContainers?.map(strip) };
}

const others = (list: Record<string, string> | undefined): object =>
  Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !resizable.has(name)));
