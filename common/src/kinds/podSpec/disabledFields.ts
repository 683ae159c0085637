/** Fields that Kubernetes 1.36 knows but drops unless a feature is switched on. */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withField } from './copyOnWrite.ts';

export function withoutDisabledFields(spec: api.PodSpec): api.PodSpec {
  let out = spec;
  if (out.containers) out = withField(out, 'containers', mapShared(out.containers, withoutStopSignal));
  if (out.initContainers) out = withField(out, 'initContainers', mapShared(out.initContainers, withoutStopSignal));
  return out;
}

function withoutStopSignal(container: api.Container): api.Container {
  if (container.lifecycle?.stopSignal == null) return container;
  const { lifecycle, ...rest } = container;
  const { stopSignal: _, ...hooks } = lifecycle;
  return Object.keys(hooks).length ? { ...rest, lifecycle: hooks } : rest;
}
