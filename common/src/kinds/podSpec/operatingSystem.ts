/** What a pod that names its operating system may not ask for. */
import { forbidden, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Errors } from './fieldRules.ts';

const systems = ['linux', 'windows'];
const forWindows = 'cannot be set for a windows pod';
const forLinux = 'windows options cannot be set for a linux pod';

/** In Kubernetes' order; host namespaces are fields of the spec, the rest of the security context. */
const podFields = [
  'securityContext.appArmorProfile',
  'securityContext.seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'securityContext.seccompProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.sysctls',
  'shareProcessNamespace',
  'securityContext.runAsUser',
  'securityContext.runAsGroup',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
];
const containerFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;
/** Go cannot tell false from absent in these. */
const flags = new Set(['hostPID', 'hostIPC']);

export function validateOperatingSystem(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  if (!spec.os) return;
  if (!spec.os.name) {
    errors.push(required(path.child('os', 'name'), 'cannot be empty'));
  } else if (!systems.includes(spec.os.name)) {
    errors.push(notSupported(path.child('os'), spec.os.name, systems));
  }
  if (spec.os.name === 'linux') validateLinux(spec, path, errors);
  if (spec.os.name === 'windows') validateWindows(spec, path, errors);
}

function validateLinux(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  if (spec.securityContext?.windowsOptions) {
    errors.push(forbidden(path.child('securityContext', 'windowsOptions'), forLinux));
  }
  eachContainer(spec, path, (container, at) => {
    if (container.securityContext?.windowsOptions) {
      errors.push(forbidden(at.child('securityContext', 'windowsOptions'), forLinux));
    }
  });
}

function validateWindows(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  for (const field of podFields) {
    const [first, second] = field.split('.') as [keyof api.PodSpec, string?];
    const value = second ? (spec.securityContext as Record<string, unknown> | undefined)?.[second] : spec[first];
    if (value == null || (flags.has(first) && !value)) continue;
    errors.push(forbidden(second ? path.child(first, second) : path.child(first), forWindows));
  }
  eachContainer(spec, path, (container, at) => {
    for (const field of containerFields) {
      if (container.securityContext?.[field] == null) continue;
      errors.push(forbidden(at.child('securityContext', field), forWindows));
    }
  });
}

function eachContainer(
  spec: api.PodSpec,
  path: FieldPath,
  visit: (container: api.Container | api.EphemeralContainer, at: FieldPath) => void,
): void {
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[field]?.forEach((container, i) => visit(container, path.child(field).index(i)));
  }
}
